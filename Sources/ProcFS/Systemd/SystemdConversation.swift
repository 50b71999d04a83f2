/// Asks systemd's manager about its units, over D-Bus. Bytes in, bytes out; see org.freedesktop.systemd1(5).
///
///     start ─► greeting, Hello (on a bus)
///     ask   ─► ListUnits, Get SystemState, Get Version ─► Get Type of each service not known yet ─► answer
public struct SystemdConversation {
  /// An answer of more units is refused.
  public static let maximumUnits = 16_384

  /// A unit as systemd knows it.
  public struct Unit: Hashable, Sendable {
    /// `ssh.service`.
    public let name: String
    /// `loaded`, `not-found`, `masked`, …
    public let loadState: String
    /// `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`, `maintenance`.
    public let activeState: String
    fileprivate let path: String
  }

  /// What was asked for.
  public struct Answer: Sendable {
    /// `252.31-1~deb12u1`.
    public fileprivate(set) var version = ""
    /// `running`, `degraded`, `starting`, …
    public fileprivate(set) var systemState = ""
    /// All units in memory.
    public fileprivate(set) var units: [Unit] = []
    /// The types of services by their names, of those that were asked for: `simple`, `notify`, …
    public fileprivate(set) var types: [String: String] = [:]
  }

  private enum Request {
    case hello, units, systemState, version
    case type(ofUnit: String)
  }

  private static let manager = "org.freedesktop.systemd1.Manager"
  private static let name = "org.freedesktop.systemd1"

  private let isBus: Bool
  private let wantsType: (Unit) -> Bool
  private var stream = DBusStream()
  private var output: [UInt8]
  private var serial: UInt32 = 0
  private var pending: [UInt32: Request] = [:]
  private var answer = Answer()
  private var types: [String: String] = [:]

  /// A conversation that begins.
  ///
  /// - Parameters:
  ///   - isBus: whether a bus is between, not systemd itself at the other end.
  ///   - wantsType: whether a service's type is of interest; it is asked for once.
  public init(isBus: Bool, wantsType: @escaping (Unit) -> Bool) {
    self.isBus = isBus
    self.wantsType = wantsType
    output = DBusStream.greeting
    guard isBus else { return }
    let bus = "org.freedesktop.DBus"
    send(.hello, DBusCall(destination: bus, path: "/org/freedesktop/DBus", interface: bus, member: "Hello"))
  }

  /// Whether something asked for is not there yet.
  public var isWaiting: Bool { !pending.isEmpty }

  /// Asks for an answer. The one before must have come.
  public mutating func ask() {
    answer = Answer()
    send(.units, call("/org/freedesktop/systemd1", Self.manager, "ListUnits"))
    send(.systemState, get(Self.manager, "SystemState", of: "/org/freedesktop/systemd1"))
    send(.version, get(Self.manager, "Version", of: "/org/freedesktop/systemd1"))
  }

  /// What is to be sent.
  public mutating func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Takes in what was received. Returns the answer when it is complete. After an error the conversation is over.
  public mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(DBusError) -> Answer? {
    stream.append(bytes)
    let wasWaiting = isWaiting
    while let message = try stream.next() {
      guard let reply = message.replySerial, let request = pending.removeValue(forKey: reply) else {
        continue
      }
      switch message.kind {
      case .returned: try take(message, for: request)
      case .error: try takeError(message.errorName ?? "", for: request)
      case .call, .signal: throw .malformed("a reply that is none")
      }
    }
    guard wasWaiting, !isWaiting else { return nil }
    answer.types = types
    return answer
  }

  private mutating func take(_ message: DBusMessage, for request: Request) throws(DBusError) {
    switch request {
    case .hello: break
    case .units:
      answer.units = try message.read("a(ssssssouso)", Self.readUnits)
      askTypes()
    case .systemState: answer.systemState = try Self.readString(message)
    case .version: answer.version = try Self.readString(message)
    case .type(let unit): types[unit] = try Self.readString(message)
    }
  }

  private func takeError(_ name: String, for request: Request) throws(DBusError) {
    // The unit is gone by now.
    if case .type = request { return }
    throw .failed(name)
  }

  private mutating func askTypes() {
    let services = answer.units.filter { $0.name.hasSuffix(".service") && wantsType($0) }
    let names = Set(services.map(\.name))
    types = types.filter { names.contains($0.key) }
    for unit in services where types[unit.name] == nil {
      send(.type(ofUnit: unit.name), get("org.freedesktop.systemd1.Service", "Type", of: unit.path))
    }
  }

  private mutating func send(_ request: Request, _ call: DBusCall) {
    serial = serial == .max ? 1 : serial + 1
    pending[serial] = request
    output += call.encoded(serial: serial)
  }

  private func call(_ path: String, _ interface: String, _ member: String, _ arguments: [String] = [])
    -> DBusCall
  {
    DBusCall(
      destination: isBus ? Self.name : nil, path: path, interface: interface, member: member,
      arguments: arguments)
  }

  private func get(_ interface: String, _ property: String, of path: String) -> DBusCall {
    call(path, "org.freedesktop.DBus.Properties", "Get", [interface, property])
  }

  private static func readString(_ message: DBusMessage) throws(DBusError) -> String {
    try message.read("v") { reader throws(DBusError) in try reader.stringVariant() }
  }

  /// Name, description, load, active and sub state, what it follows, path, job's number, type and path.
  private static func readUnits(_ reader: inout DBusReader) throws(DBusError) -> [Unit] {
    var units: [Unit] = []
    let end = try reader.arrayEnd(alignment: 8)
    while reader.offset < end {
      guard units.count < maximumUnits else { throw .tooLarge(maximumUnits) }
      try reader.align(to: 8)
      let name = try reader.string()
      try reader.skip("s")
      let (load, active) = (try reader.string(), try reader.string())
      for type in ["s", "s"] { try reader.skip(type) }
      let path = try reader.string()
      for type in ["u", "s", "o"] { try reader.skip(type) }
      units.append(Unit(name: name, loadState: load, activeState: active, path: path))
    }
    return units
  }
}
