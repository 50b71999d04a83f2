internal import CProtobufC
public import GRPC

/// What a collector says on its control stream.
public enum CollectorEvent: GRPCMessage, Hashable, Sendable {
  /// Always the first event.
  case hello(Hello)
  /// Regularly.
  case heartbeat(Heartbeat)
  /// Before a planned stop.
  case goodbye(Goodbye)
}

extension CollectorEvent: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__CollectorEvent>) {
    muster__v1__collector_event__init(packed)
  }

  init(_ packed: Muster__V1__CollectorEvent) throws(Status) {
    switch packed.event_case {
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_HELLO:
      self = .hello(try Hello(packed.hello.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_HEARTBEAT:
      self = .heartbeat(try Heartbeat(packed.heartbeat.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_GOODBYE:
      self = .goodbye(try Goodbye(packed.goodbye.pointee))
    default:
      throw Status(.invalidArgument, "a CollectorEvent without an event that is known here")
    }
  }

  func fill(_ packed: inout Muster__V1__CollectorEvent, _ arena: Arena) {
    switch self {
    case .hello(let hello):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_HELLO
      packed.hello = arena.message(hello)
    case .heartbeat(let heartbeat):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_HEARTBEAT
      packed.heartbeat = arena.message(heartbeat)
    case .goodbye(let goodbye):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_GOODBYE
      packed.goodbye = arena.message(goodbye)
    }
  }
}
