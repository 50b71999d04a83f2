extension StandardFilter {
  /// Whether `Tcp_InSegs` is among the fields that node_exporter shows unless told otherwise.
  static func isCommonNetstatField(_ name: UnsafeRawBufferPointer) -> Bool {
    let name = String(decoding: name, as: UTF8.self)
    if name.hasSuffix("_InErrors") || name.hasSuffix("_InErrs") { return true }
    guard let bar = name.firstIndex(of: "_") else { return false }
    let field = String(name[name.index(after: bar)...])
    switch name[..<bar] {
    case "Ip": return field == "Forwarding"
    case "Ip6", "IpExt": return ["InOctets", "OutOctets"].contains(field)
    case "Icmp", "Icmp6": return ["InMsgs", "OutMsgs"].contains(field)
    case "Tcp": return commonTCPFields.contains(field)
    case "TcpExt":
      return field.hasPrefix("Listen") || field.hasPrefix("Syncookies")
        || ["TCPSynRetrans", "TCPTimeouts"].contains(field)
    case "Udp", "Udp6": return commonUDPFields.contains(field)
    default: return false
    }
  }
}

private let commonTCPFields: Set<String> = [
  "ActiveOpens", "InSegs", "OutSegs", "OutRsts", "PassiveOpens", "RetransSegs", "CurrEstab",
]

private let commonUDPFields: Set<String> = [
  "InDatagrams", "OutDatagrams", "NoPorts", "RcvbufErrors", "SndbufErrors",
]
