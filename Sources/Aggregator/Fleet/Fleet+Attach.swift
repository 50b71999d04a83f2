import GRPC
import Wire

/// What a Hello comes to.
enum Attachment {
  /// The stream speaks for the host from now on; what spoke for it before has been told. `acknowledged`: the highest
  /// sequence of the epoch that has arrived.
  case welcomed(Host, Greeting, acknowledged: UInt64)
  /// The host's control stream is open: it has been probed under this number.
  case contested(Host, probe: UInt64, opponent: UInt64)
  /// The id is another machine's.
  case rekeyed(reason: String)
}

/// What a Hello came to, for the log.
struct Greeting: Hashable, Sendable {
  /// The host was not in the registry.
  var isNewHost: Bool
  /// Another control stream of the host was open and silent; this one speaks for the host from now on.
  var supersedes: Bool
}

extension Fleet {
  /// Streams that may wait at once to become one host's.
  static let maximumContestants = 8

  /// A Hello has come on `line`: who may speak for the host?
  ///
  /// - Parameter beaten: the stream that was probed and gave no answer; only that one is superseded.
  /// - Throws: as `callOpened`; UNAVAILABLE: too many streams claim to be the host.
  func attach(
    _ hello: Hello, on line: ControlLine, address: String, isOwn: Bool, beaten: UInt64?, at now: Moment
  ) throws(Status) -> Attachment {
    let identity = HostIdentity(hello)
    let probe = counters.probesEver.add()
    let entry = try enter(identity, address: address, at: now) { record, _ in
      let claim = record.claim(hello, on: line, isOwn: isOwn, beaten: beaten, probe: probe)
      guard case .granted = claim else { return (claim: claim, isChanged: false, acknowledged: UInt64(0)) }
      record.presence.callOpened(at: now)
      let isChanged = record.takeOver(hello, address: address, isOwn: isOwn)
      return (claim, isChanged, record.ledger.highest(of: hello.epoch))
    }
    let (claim, isChanged, acknowledged) = entry.answer
    switch claim {
    case .granted(let superseded, let others):
      superseded?.tell(.signal(.superseded))
      for other in others { other.line.tell(.signal(.opponentGone)) }
      announce(entry.host, isNew: entry.isNew, isChanged: isChanged, at: now)
      if !isOwn {
        let status = hello.configStatus
        hooks?.attached(entry.host.id, stream: line.token, status: status, at: now)
      }
      let greeting = Greeting(isNewHost: entry.isNew, supersedes: superseded != nil)
      return .welcomed(entry.host, greeting, acknowledged: acknowledged)
    case .contested(let opponent):
      counters.doubleAttachments.add()
      opponent.tell(.command(.probe(probe)))
      return .contested(entry.host, probe: probe, opponent: opponent.token)
    case .foreign(let reason):
      counters.clonesRekeyed.add()
      return .rekeyed(reason: reason)
    case .crowded:
      throw Status(
        .unavailable,
        "\(Self.maximumContestants) connections claim to be host \(hello.hostID); try again later")
    }
  }
}
