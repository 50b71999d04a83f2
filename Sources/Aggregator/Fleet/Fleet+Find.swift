import GRPC
import Selection

extension Fleet {
  /// The host of this id, or else of this instance name.
  ///
  /// NOT_FOUND: there is none. FAILED_PRECONDITION: several are called so.
  func find(host name: String) throws(Status) -> Host {
    if let host = host(id: name) { return host }
    let named = hosts.filter { $0.withRecord { $0.identity.instance } == name }
    guard let host = named.first else { throw Status(.notFound, absence(of: name)) }
    guard named.count == 1 else {
      throw Status(
        .failedPrecondition,
        "\(named.count) hosts are called \(name.prefix(80)): name one by its host_id (muster hosts shows them)"
      )
    }
    return host
  }

  /// The selected hosts that are collectors and not retired, ordered by instance.
  ///
  /// INVALID_ARGUMENT: the selector cannot be read. NOT_FOUND: it names one host, and there is none of that name.
  /// FAILED_PRECONDITION: it selects nobody.
  func collectors(selectedBy text: String) throws(Status) -> [Host] {
    let selector = try Selector(request: text)
    let selected = hosts.filter { !$0.isOwn && $0.isSelected(by: selector) }
    let active = selected.filter { !$0.isRetired }
    if !active.isEmpty { return active }
    guard selected.isEmpty else {
      throw Status(.failedPrecondition, "selector \"\(text)\" selects only hosts that are retired")
    }
    if selector.namesOneHost {
      throw Status(.notFound, absence(of: String(selector.canonicalText.drop { $0 != "=" }.dropFirst())))
    }
    throw Status(
      .failedPrecondition,
      text.isEmpty
        ? "the fleet has no hosts yet"
        : "selector \"\(text)\" selects no host; muster hosts shows what there is")
  }

  private func absence(of name: String) -> String {
    let isExpected = expectations.contains(name)
    return isExpected
      ? "\(name.prefix(80)) is expected and has never been seen"
      : "no host has the name or the host_id \(name.prefix(80)); muster hosts shows those there are"
  }
}
