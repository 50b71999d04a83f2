/// `/proc/net/ip_vs`: the servers that the kernel's load balancer (IPVS) spreads connections over. See ipvsadm(8).
///
///     IP Virtual Server version 1.2.1 (size=4096)
///     Prot LocalAddress:Port Scheduler Flags
///       -> RemoteAddress:Port Forward Weight ActiveConn InActConn
///     TCP  C0A80016:0CEA wlc
///       -> C0A85216:0CEA      Tunnel  100    248        2
///     TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 sh
///     FWM  10001000 wlc
///
/// A service is known by protocol, address and port, or by a mark of the firewall.
public struct IPVSBackends {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/net/ip_vs"

  /// More servers than this are an error.
  public static let maximumBackends = 16384

  /// One server of one service.
  public struct Backend {
    /// In ``IPVSBackends/keys``: what the file calls protocol, service and server, a blank between two of them.
    public let key: TextRange
    /// Of new connections, how many it gets beside others.
    public let weight: Int64
    /// Connections that are established.
    public let active: Int64
    /// Connections in any other state.
    public let inactive: Int64
  }

  /// The servers, in the file's order.
  public private(set) var backends: [Backend] = []
  /// The text that the keys lie in.
  public private(set) var keys: [UInt8] = []
  /// Protocol and address of the service whose servers come; nil before the first.
  private var service: (protocol: TextRange, address: TextRange)?

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the servers by those of `text`, which may have none. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    backends.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    service = nil
    var cursor = Cursor(text)
    for line in 1...3 {
      if cursor.isAtEnd { throw malformed(line, "three headings are expected") }
      cursor.skipLine()
    }
    var line = 4
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd { try parseLine(&cursor, text, line) }
      cursor.skipLine()
      line += 1
    }
  }

  private mutating func parseLine(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: Int
  ) throws(KernelError) {
    if cursor.skip(prefix: "->") {
      guard let service else { throw malformed(line, "a service is expected before its servers") }
      try parseBackend(of: service, &cursor, text, line)
    } else {
      let (name, address) = (cursor.word(), cursor.word())
      let isMark = name.bytes(in: text).elementsEqual("FWM".utf8)
      guard isMark ? Self.isMark(address.bytes(in: text)) : IPVSEndpoint.isValid(address.bytes(in: text))
      else {
        throw malformed(line, "a protocol and an address, or FWM and a mark, are expected")
      }
      service = (name, address)
    }
  }

  private mutating func parseBackend(
    of service: (protocol: TextRange, address: TextRange), _ cursor: inout Cursor,
    _ text: UnsafeRawBufferPointer, _ line: Int
  ) throws(KernelError) {
    guard backends.count < Self.maximumBackends else {
      throw malformed(line, "more than \(Self.maximumBackends) servers")
    }
    let address = cursor.word()
    guard IPVSEndpoint.isValid(address.bytes(in: text)) else {
      throw malformed(line, "the address of a server is expected")
    }
    _ = cursor.word()
    guard let weight = cursor.number(), let active = cursor.number(), let inactive = cursor.number() else {
      throw malformed(line, "three numbers are expected behind how packets are forwarded")
    }
    let first = keys.count
    for part in [service.protocol, service.address] {
      keys.append(contentsOf: part.bytes(in: text))
      keys.append(UInt8(ascii: " "))
    }
    keys.append(contentsOf: address.bytes(in: text))
    let key = TextRange(offset: first, count: keys.count - first)
    backends.append(Backend(key: key, weight: weight, active: active, inactive: inactive))
  }

  private static func isMark(_ word: UnsafeRawBufferPointer) -> Bool {
    var cursor = Cursor(word)
    return cursor.hexadecimalDigits() != nil && cursor.isAtEnd
  }

  private func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: Self.path, line: line, reason: reason)
  }
}
