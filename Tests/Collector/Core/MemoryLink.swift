import GRPC
import Glibc

@testable import Collector
@testable import Link

/// What `Link` is to a collector, with the aggregator in the same memory.
final class MemoryLink: LinkCarrier {
  let peer: String? = "memory"
  let descriptor: Int32 = -1
  let interest: Int16 = 0
  let nextDeadline: Instant? = nil
  private(set) var bytesSent: UInt64 = 0
  private(set) var bytesReceived: UInt64 = 0
  private(set) var grpc: ClientConnection?
  private var server: ServerConnection?
  private let router: Router
  private var isDialing = false
  private var isCut = false
  /// Whether the other end is there.
  var isReachable = true
  /// How often it was connected.
  private(set) var connections = 0

  init(_ router: Router) { self.router = router }

  /// Whether there is something to handle.
  var hasNews: Bool { isDialing || isCut || server?.wantsOutput == true }

  func open(at now: Instant) { isDialing = true }

  /// The connection breaks.
  func cut() { isCut = grpc != nil }

  func handle(revents: Int16, at now: Instant) -> LinkEvent? {
    if isDialing { return dial(at: now) }
    if isCut {
      end(at: now)
      return .closed(LinkError(.connectionLost, "cut"))
    }
    exchange(at: now)
    return nil
  }

  func tick(at now: Instant) -> LinkEvent? { nil }

  func flush(at now: Instant) -> LinkEvent? {
    exchange(at: now)
    return nil
  }

  func close() {
    isDialing = false
    end(at: Instant(nanoseconds: 0))
  }

  private func dial(at now: Instant) -> LinkEvent {
    isDialing = false
    guard isReachable else { return .failed(LinkError(.unreachable, "nobody there")) }
    connections += 1
    grpc = ClientConnection(
      configuration: ClientConfiguration(), authority: "memory", scheme: "http", at: now)
    server = ServerConnection(configuration: ServerConfiguration(), router: router, peer: "test", at: now)
    exchange(at: now)
    return .connected
  }

  /// Both ways, until nobody has anything to say.
  private func exchange(at now: Instant) {
    guard let grpc, let server else { return }
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      while grpc.takeOutput({ server.receive($0, at: now) }) { isQuiet = false }
      while server.takeOutput({ grpc.receive($0, at: now) }) { isQuiet = false }
    }
  }

  private func end(at now: Instant) {
    isCut = false
    grpc?.connectionLost(at: now)
    server?.connectionLost(at: now)
    grpc = nil
    server = nil
  }
}
