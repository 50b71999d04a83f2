import Glibc

/// The question that a resolver answers, and the two ways to ask `getaddrinfo`.
enum Lookup {
  typealias Answer = Result<[SocketAddress], LinkError>

  /// Asks hosts file and name servers. May block for many seconds.
  static func resolve(_ target: LinkTarget) -> Answer { ask(target, flags: 0) }

  /// The address that `target` spells out, without asking anybody; nil when its host is a name.
  static func numeric(_ target: LinkTarget) -> SocketAddress? {
    try? ask(target, flags: AI_NUMERICHOST).get().first
  }

  private static func ask(_ target: LinkTarget, flags: Int32) -> Answer {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = flags | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(target.host, String(target.port), &hints, &list)
    guard code == 0 else { return .failure(failure(target, code: code, errno: errno)) }
    defer { freeaddrinfo(list) }

    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next, addresses.count < LinkLimits.maximumAddresses {
      if let pointer = entry.pointee.ai_addr,
        let address = SocketAddress(pointer, count: entry.pointee.ai_addrlen)
      {
        addresses.append(address)
      }
      next = entry.pointee.ai_next
    }
    guard !addresses.isEmpty else {
      return .failure(LinkError(.resolution, "\(target.host): the name has no IPv4 or IPv6 address"))
    }
    return .success(addresses)
  }

  private static func failure(_ target: LinkTarget, code: Int32, errno: Int32) -> LinkError {
    let reason =
      switch code {
      case EAI_NONAME: "no such host"
      case EAI_AGAIN: "the name server does not answer"
      case EAI_SYSTEM: String(cString: strerror(errno))
      default: String(cString: gai_strerror(code))
      }
    return LinkError(.resolution, "\(target.host): \(reason)")
  }
}
