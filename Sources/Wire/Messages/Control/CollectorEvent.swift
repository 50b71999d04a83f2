internal import CProtobufC
public import GRPC

/// What a collector says on its control stream.
public struct CollectorEvent: GRPCMessage, Hashable, Sendable {
  /// What it says.
  public enum Body: Hashable, Sendable {
    /// Always the first event; once more when the aggregator asks for it.
    case hello(Hello)
    /// Regularly.
    case heartbeat(Heartbeat)
    /// Before a planned stop.
    case goodbye(Goodbye)
    /// A part of what a command brought to light.
    case output(CommandOutput)
    /// The last word on a command.
    case result(CommandResult)
    /// How it stands with a config.
    case configStatus(ConfigStatus)
    /// The answer to a probe, which has the same id.
    case probeReply(UInt64)
  }

  /// +1 per event of a stream; Hello is 1. After a gap the aggregator asks with `reportAll`. 0: not counted.
  public var sequence: UInt64
  /// What it says.
  public var body: Body

  /// An event of this number.
  public init(sequence: UInt64 = 0, body: Body) {
    self.sequence = sequence
    self.body = body
  }

  /// Who attaches; not counted.
  public static func hello(_ hello: Hello) -> CollectorEvent { CollectorEvent(body: .hello(hello)) }
  /// A regular word; not counted.
  public static func heartbeat(_ heartbeat: Heartbeat) -> CollectorEvent {
    CollectorEvent(body: .heartbeat(heartbeat))
  }
  /// A planned stop; not counted.
  public static func goodbye(_ goodbye: Goodbye) -> CollectorEvent { CollectorEvent(body: .goodbye(goodbye)) }
  /// A part of output; not counted.
  public static func output(_ output: CommandOutput) -> CollectorEvent {
    CollectorEvent(body: .output(output))
  }
  /// A command's result; not counted.
  public static func result(_ result: CommandResult) -> CollectorEvent {
    CollectorEvent(body: .result(result))
  }
  /// The state of a config; not counted.
  public static func configStatus(_ status: ConfigStatus) -> CollectorEvent {
    CollectorEvent(body: .configStatus(status))
  }
  /// The answer to a probe; not counted.
  public static func probeReply(_ id: UInt64) -> CollectorEvent { CollectorEvent(body: .probeReply(id)) }
}

extension CollectorEvent: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__CollectorEvent>) {
    muster__v1__collector_event__init(packed)
  }

  init(_ packed: Muster__V1__CollectorEvent) throws(Status) {
    sequence = packed.sequence
    switch packed.event_case {
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_HELLO:
      body = .hello(try Hello(packed.hello.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_HEARTBEAT:
      body = .heartbeat(try Heartbeat(packed.heartbeat.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_GOODBYE:
      body = .goodbye(try Goodbye(packed.goodbye.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_OUTPUT:
      body = .output(try CommandOutput(packed.output.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_RESULT:
      body = .result(try CommandResult(packed.result.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_CONFIG_STATUS:
      body = .configStatus(try ConfigStatus(packed.config_status.pointee))
    case MUSTER__V1__COLLECTOR_EVENT__EVENT_PROBE_REPLY:
      body = .probeReply(packed.probe_reply.pointee.id)
    default:
      throw Status(.invalidArgument, "a CollectorEvent without an event that is known here")
    }
  }

  func fill(_ packed: inout Muster__V1__CollectorEvent, _ arena: Arena) {
    packed.sequence = sequence
    switch body {
    case .hello(let hello):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_HELLO
      packed.hello = arena.message(hello)
    case .heartbeat(let heartbeat):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_HEARTBEAT
      packed.heartbeat = arena.message(heartbeat)
    case .goodbye(let goodbye):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_GOODBYE
      packed.goodbye = arena.message(goodbye)
    case .output(let output):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_OUTPUT
      packed.output = arena.message(output)
    case .result(let result):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_RESULT
      packed.result = arena.message(result)
    case .configStatus(let status):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_CONFIG_STATUS
      packed.config_status = arena.message(status)
    case .probeReply(let id):
      packed.event_case = MUSTER__V1__COLLECTOR_EVENT__EVENT_PROBE_REPLY
      packed.probe_reply = arena.message(muster__v1__probe_reply__init) { $0.id = id }
    }
  }
}
