import ProcFS
import Wire

/// `node_network_up`, `node_network_info` and the other properties of interfaces, which node_exporter reads from 20
/// files of each interface.
struct NetClassSource: Source {
  static let about = """
    One netlink dump in place of 20 small files an interface. What netlink lacks (speed, duplex, `device_id`, \
    `address_assign_type`, `name_assign_type`) is read from /sys/class/net when an interface is new or anything else \
    of it changes, and every minute, since the speed of a bond follows its members. Before Linux 6.0 the flags are \
    a file, too. Where netlink is refused, or the collector reads another root than `/`, all is read from files.

    The filter `network_interfaces` chooses the interfaces; by default those of containers have no such series \
    (see `netdev`). A speed that is not known is absent, where node_exporter shows -125000. \
    `node_network_info` has the label `adminstate`, as later versions of node_exporter do.
    """

  static let metrics = LinkSeries.metrics + [LinkSeries.infoMetric]

  private let root: ProcRoot
  private var filter: NameFilter
  private var isRefused: Bool
  private var links = LinkTable()
  private var series: [String: LinkSeries] = [:]
  private var pass: UInt64 = 0

  init(root: ProcRoot, interfaces filter: NameFilter) {
    self.root = root
    self.filter = filter
    isRefused = !root.isOwn
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try readLinks(into: &buffer)
    pass &+= 1
    for link in links.links {
      let name = links.string(link.name)
      let series = self.series[name] ?? add(name)
      series.pass = pass
      series.refresh(link, of: links, in: &table, reading: &buffer, at: now)
      series.show(link, in: &table, reading: &buffer)
    }
    if series.count > links.links.count { series = series.filter { $0.value.pass == pass } }
  }

  mutating func forgetSeries() {
    series.removeAll()
  }

  mutating func refilter(_ filters: FilterSettings) {
    guard filters.networkInterfaces != filter else { return }
    filter = filters.networkInterfaces
    forgetSeries()
  }

  private mutating func readLinks(into buffer: inout ReadBuffer) throws(KernelError) {
    let filter = filter
    if !isRefused {
      do {
        return try links.read(into: &buffer) { filter.keeps($0) }
      } catch {
        switch error {
        case .unsupported, .denied: isRefused = true
        default: throw error
        }
      }
    }
    try links.read(foldersOf: root, into: &buffer) { filter.keeps($0) }
  }

  private mutating func add(_ name: String) -> LinkSeries {
    let new = LinkSeries(name, root: root)
    series[name] = new
    return new
  }
}
