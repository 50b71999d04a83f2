import GRPC
import Synchronization
import Wire

/// Has hosts that somebody looks at closely sample as often as that needs, with set-resolution commands of one holder
/// for all viewers. They are no operator's commands: nothing of them is in the audit log.
final class ViewerLeases: Sendable {
  /// Who holds the leases, as the hosts know it.
  static let holder = "viewers"
  /// What one viewer may ask for, in milliseconds, and of how many hosts.
  static let interval: ClosedRange<UInt32> = 100...60_000
  static let maximumHosts = 16

  private let book = Mutex(LeaseBook())
  private let viewers = Counter()
  private let commands = Counter()

  init() {}

  /// How many hosts are looked at.
  var hostCount: Int { book.withLock { $0.hostCount } }

  /// The number of a new viewer.
  func newViewer() -> UInt64 { viewers.add() }

  /// A viewer looks at a host, or still does: to be said at least every `LeaseBook.renewal`.
  func look(_ viewer: UInt64, at host: Host, interval: UInt32, at now: Moment) {
    guard host.canBeRaised(to: interval) else { return }
    let told = book.withLock { $0.look(viewer, at: host.id, interval: interval, at: now.instant) }
    if let told { tell(host, told, at: now) }
  }

  /// A viewer looks at a host no more.
  func lookAway(_ viewer: UInt64, from host: Host, at now: Moment) {
    let told = book.withLock { $0.lookAway(viewer, from: host.id, at: now.instant) }
    if let told { tell(host, told, at: now) }
  }

  private func tell(_ host: Host, _ interval: UInt32, at now: Moment) {
    let action = SetResolutionAction(
      intervalMilliseconds: interval, leaseMilliseconds: LeaseBook.lease.wholeMilliseconds,
      holder: Self.holder)
    let patience = LeaseBook.renewal.wholeMilliseconds
    host.send(
      .run(
        Command(
          id: "viewers-\(String(now.wallMicroseconds, radix: 36))-\(commands.add())",
          timeToLiveMilliseconds: patience, timeoutMilliseconds: patience, outputLimitBytes: 1024,
          role: .view, action: .setResolution(action))))
  }
}

extension Host {
  /// Whether it makes sense to ask: the host can, its administrator does not forbid it, and it is slower than that.
  fileprivate func canBeRaised(to interval: UInt32) -> Bool {
    let command = CommandKind.setResolution.rawValue
    return withRecord { record in
      record.capabilities.contains(command) && !record.forbiddenCommands.contains(command)
        && record.presence.interval >= .milliseconds(Int64(interval))
    }
  }
}
