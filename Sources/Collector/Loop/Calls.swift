import GRPC
import Wire

/// What happened on a connection since the driver looked last. Handlers of calls run inside the link
/// and only append here; the driver tells the uplink afterwards.
final class LinkInbox {
  enum Event {
    case link(LinkOutcome)
    case command(AggregatorCommand)
    case update(ConfigUpdate)
    case undecodable(Status)
    case controlEnded(Status)
    case pushEnded(Status)
    case watchEnded(Status)
  }

  private var events: [Event] = []

  var isEmpty: Bool { events.isEmpty }

  func append(_ event: Event) { events.append(event) }

  func take() -> Event? { events.isEmpty ? nil : events.removeFirst() }

  /// The connection ended, and with it its calls: why is better told by the connection. A call that ended
  /// with a status of the aggregator's own just before keeps its say.
  func dropLostCalls() {
    events.removeAll { event in
      switch event {
      case .controlEnded(let status), .pushEnded(let status), .watchEnded(let status):
        status.code == .unavailable
      case .link, .command, .update, .undecodable: false
      }
    }
  }

  func clear() { events.removeAll(keepingCapacity: true) }
}

/// How opening or holding a connection went.
enum LinkOutcome {
  case connected
  case failed(String)
  case closed(String)
}

/// Hears the Attach call.
final class ControlHandler: ClientCallHandler {
  private let inbox: LinkInbox

  init(_ inbox: LinkInbox) { self.inbox = inbox }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    do {
      inbox.append(.command(try AggregatorCommand(decoding: message)))
    } catch {
      inbox.append(.undecodable(error))
    }
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    inbox.append(.controlEnded(status))
  }
}

/// Hears the Watch call.
final class WatchHandler: ClientCallHandler {
  private let inbox: LinkInbox

  init(_ inbox: LinkInbox) { self.inbox = inbox }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    do {
      inbox.append(.update(try ConfigUpdate(decoding: message)))
    } catch {
      inbox.append(.undecodable(error))
    }
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    inbox.append(.watchEnded(status))
  }
}

/// Hears the Push call. Its one message, the summary, says nothing that acknowledgements did not.
final class PushHandler: ClientCallHandler {
  private let inbox: LinkInbox

  init(_ inbox: LinkInbox) { self.inbox = inbox }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {}

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    inbox.append(.pushEnded(status))
  }
}
