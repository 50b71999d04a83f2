import GRPC
import Glibc
import Testing

@testable import Link

/// A link and its peers on one poll loop, in virtual time that only the test moves.
final class Bench {
  let link: Link
  private let peers: [Peer]
  var now = Instant(nanoseconds: 1_000_000_000)
  private(set) var events: [LinkEvent] = []

  init(_ link: Link, _ peers: Peer...) {
    self.link = link
    self.peers = peers
  }

  /// Real time after which a loop that waits for nothing that comes is a failed test.
  private static let patienceMilliseconds: Int32 = 5000

  /// Drives everything until `condition` holds.
  func run(
    _ what: Comment, until condition: () -> Bool, at location: SourceLocation = #_sourceLocation
  ) {
    while !condition() {
      guard turn(timeout: Self.patienceMilliseconds) else {
        Issue.record("waited in vain: \(what)", sourceLocation: location)
        return
      }
    }
  }

  /// Drives until the link reports something.
  @discardableResult
  func nextEvent(_ location: SourceLocation = #_sourceLocation) -> LinkEvent? {
    let before = events.count
    run("an event", until: { events.count > before }, at: location)
    return events.count > before ? events[before] : nil
  }

  /// Drives until the sockets have nothing more to say.
  func settle() {
    while turn(timeout: 0) {}
  }

  /// Opens, and drives until the link is connected or has failed.
  func open(_ location: SourceLocation = #_sourceLocation) -> LinkEvent? {
    link.open(at: now)
    return nextEvent(location)
  }

  func tick(after duration: Duration) -> LinkEvent? {
    now += duration
    return note(link.tick(at: now))
  }

  @discardableResult
  func note(_ event: LinkEvent?) -> LinkEvent? {
    if let event { events.append(event) }
    return event
  }

  /// One turn of the loop; false when nothing happened for `timeout` milliseconds.
  private func turn(timeout: Int32) -> Bool {
    let isDue = link.nextDeadline.map { $0 <= now } ?? false
    var watched = [pollfd(fd: link.descriptor, events: link.interest, revents: 0)]
    for peer in peers { watched += peer.watched }
    let count = poll(&watched, nfds_t(watched.count), isDue ? 0 : timeout)
    guard count > 0 || isDue else { return false }
    if watched[0].revents != 0 {
      note(link.handle(revents: watched[0].revents, at: now))
    } else if isDue {
      note(link.tick(at: now))
    }
    for peer in peers { peer.step(at: now) }
    return true
  }
}

extension LinkEvent {
  var isConnected: Bool { if case .connected = self { true } else { false } }

  /// The error of a failed or closed link.
  var error: LinkError? {
    switch self {
    case .connected: nil
    case .failed(let error): error
    case .closed(let error): error
    }
  }
}
