import GRPC
import Wire

@testable import Aggregator

/// A control session, and what it is told by others.
struct TestedControl {
  final class Mail {
    var messages: [ControlLine.Message] = []
  }

  let mail = Mail()
  var session: ControlSession
  /// How the session says the stream is to end.
  private(set) var end: Status?

  init(_ fleet: Fleet, from address: String = "192.0.2.1:1", isOwn: Bool = false) {
    nonisolated(unsafe) let mail = mail
    let line = ControlLine(token: fleet.counters.attachmentsEver.add()) { mail.messages.append($0) }
    session = ControlSession(fleet: fleet, address: address, line: line, isOwn: isOwn)
  }

  /// Says something. Returns what is to be sent back.
  mutating func say(_ event: CollectorEvent, at now: Moment) throws(Status) -> [AggregatorCommand] {
    follow(try session.receive(event, at: now))
  }

  /// Lets time pass.
  mutating func tick(at now: Moment) throws(Status) -> [AggregatorCommand] {
    follow(try session.tick(at: now))
  }

  /// Takes what others have put into the mail. Returns what is to be sent to the collector.
  mutating func open(at now: Moment) throws(Status) -> [AggregatorCommand] {
    var sent: [AggregatorCommand] = []
    while !mail.messages.isEmpty {
      switch mail.messages.removeFirst() {
      case .command(let command): sent.append(command)
      case .packed(let bytes):
        if let command = bytes.withUnsafeBytes({ try? AggregatorCommand(decoding: $0) }) {
          sent.append(command)
        }
      case .signal(let signal): sent += follow(try session.receive(signal, at: now))
      }
    }
    return sent
  }

  private mutating func follow(_ actions: [ControlAction]) -> [AggregatorCommand] {
    actions.compactMap { action in
      switch action {
      case .send(let command): return command
      case .end(let status): end = status
      case .output, .result: break
      }
      return nil
    }
  }
}
