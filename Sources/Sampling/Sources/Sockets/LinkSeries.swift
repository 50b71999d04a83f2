import ProcFS
import Wire

/// The series of one interface of ``NetClassSource``, and what only files tell of it.
final class LinkSeries {
  /// How long what only files tell holds while nothing else changes: a minute.
  static let attributesNanoseconds: Int64 = 60_000_000_000

  static let infoMetric = Metric.gauge(
    "node_network_info", "Properties of an interface that are words; always 1.",
    labels: ["device", "address", "broadcast", "duplex", "operstate", "adminstate", "ifalias"])

  /// Whether it is up, then one for each ``LinkTable/Number``, in their order.
  static let metrics =
    [gauge("up", "Whether the operational state is up: 1 or 0.")] + LinkTable.Number.allCases.map(metric)

  private static func metric(_ number: LinkTable.Number) -> Metric {
    switch number {
    case .addressAssignType: gauge("address_assign_type", "How it got its address: `NET_ADDR_…`.")
    case .carrier: gauge("carrier", "Whether there is a link to a peer: 1 or 0.")
    case .carrierChanges: counter("carrier_changes_total", "How often the carrier came or went.")
    case .carrierDownChanges: counter("carrier_down_changes_total", "How often the carrier went.")
    case .carrierUpChanges: counter("carrier_up_changes_total", "How often the carrier came.")
    case .deviceID: gauge("device_id", "Tells interfaces apart that share a device.")
    case .dormant: gauge("dormant", "Whether it waits for something, a supplicant say: 1 or 0.")
    case .flags: gauge("flags", "Its flags, `IFF_…`, as a number.")
    case .index: gauge("iface_id", "The kernel's number for it.")
    case .link: gauge("iface_link", "The number of the interface it lies on, or its own.")
    case .linkMode: gauge("iface_link_mode", "How it leaves the state down: 0 by itself, 1 by a supplicant.")
    case .mtu: gauge("mtu_bytes", "The largest packet it takes.")
    case .nameAssignType: gauge("name_assign_type", "How it got its name: `NET_NAME_…`.")
    case .group: gauge("net_dev_group", "The group it is in.")
    case .type: gauge("protocol_type", "What kind it is: `ARPHRD_…`.")
    case .speed: gauge("speed_bytes", "Its speed, in bytes a second.", multiplier: 125_000)
    case .queueLength: gauge("transmit_queue_length", "How many packets may wait to be sent.")
    }
  }

  private static func gauge(_ name: String, _ help: String, multiplier: UInt32 = 1) -> Metric {
    .gauge("node_network_\(name)", help, labels: ["device"], multiplier: multiplier)
  }

  private static func counter(_ name: String, _ help: String) -> Metric {
    .counter("node_network_\(name)", help, labels: ["device"])
  }

  private static let fromFiles: [LinkTable.Number] = [
    .addressAssignType, .deviceID, .nameAssignType, .speed,
  ]

  /// The pass in which it was last there.
  var pass: UInt64 = 0

  private let folder: LinkFolder
  private var numbers: FixedSeries
  private let name: String
  private var facts: [UInt8] = []
  private var newFacts: [UInt8] = []
  private var filesReadAt: Int64?
  private var fileNumbers: [Int64?] = []
  private var infoLabels: [String] = []
  private var info: Int?

  init(_ name: String, root: ProcRoot) {
    self.name = name
    folder = LinkFolder(name, of: root)
    numbers = FixedSeries(Self.metrics, [name])
  }

  /// Reads the files again, and makes another `node_network_info`, if that is necessary.
  func refresh(
    _ link: NetworkLink, of links: LinkTable, in table: inout SampleTable, reading buffer: inout ReadBuffer,
    at now: Int64
  ) {
    newFacts.removeAll(keepingCapacity: true)
    links.appendFacts(of: link, to: &newFacts)
    let isOld = filesReadAt.map { now - $0 >= Self.attributesNanoseconds } ?? true
    guard isOld || newFacts != facts else { return }
    swap(&facts, &newFacts)
    filesReadAt = now
    fileNumbers = Self.fromFiles.map { link[$0] ?? folder.number($0, reading: &buffer) }
    let labels = [
      name, links.string(link.address), links.string(link.broadcast), folder.duplex(reading: &buffer),
      link.operState.map { "\(LinkTable.operStates[$0])" } ?? "",
      link.isUp.map { $0 ? "up" : "down" } ?? "unknown", links.string(link.alias),
    ]
    guard labels != infoLabels else { return }
    infoLabels = labels
    info = table.register(Self.infoMetric.series(named: Self.infoMetric.name, labels))
  }

  /// Sets the values.
  func show(_ link: NetworkLink, in table: inout SampleTable, reading buffer: inout ReadBuffer) {
    if let info { table.set(info, 1) }
    guard let first = numbers.first(in: &table) else { return }
    table.set(first, link.operState == LinkTable.operationalUp ? 1 : 0)
    for number in LinkTable.Number.allCases {
      table.set(first + 1 + number.rawValue, ifKnown: value(number, of: link, reading: &buffer))
    }
  }

  private func value(
    _ number: LinkTable.Number, of link: NetworkLink, reading buffer: inout ReadBuffer
  ) -> Int64? {
    switch number {
    case .flags: return link[.flags] ?? folder.number(.flags, reading: &buffer)
    case .speed: return fileNumber(.speed).flatMap { $0 < 0 ? nil : $0 }
    case .addressAssignType, .deviceID, .nameAssignType: return fileNumber(number)
    default: return link[number]
    }
  }

  private func fileNumber(_ number: LinkTable.Number) -> Int64? {
    Self.fromFiles.firstIndex(of: number).flatMap { fileNumbers[$0] }
  }
}
