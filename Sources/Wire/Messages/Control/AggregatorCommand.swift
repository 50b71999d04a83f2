internal import CProtobufC
public import GRPC

/// What the aggregator says on a collector's control stream.
public enum AggregatorCommand: GRPCMessage, Hashable, Sendable {
  /// The answer to Hello.
  case welcome(Welcome)
  /// Frames that the collector may forget.
  case acknowledge(Acknowledge)
  /// The answer to a heartbeat.
  case heartbeat(HeartbeatReply)
  /// Something to be carried out.
  case run(Command)
  /// A command that nobody wants any more.
  case cancel(id: String)
  /// The aggregator has seen frames stamped with the config of this SHA-256: it is kept.
  case configConfirm([UInt8])
  /// Events are missing: say Hello again, as things stand.
  case reportAll
  /// Another live machine has this host id. The collector makes itself a new one, and comes back with it.
  case rekey(reason: String)
  /// Are you there? To be answered at once, with the same id.
  case probe(UInt64)
}

extension AggregatorCommand: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__AggregatorCommand>) {
    muster__v1__aggregator_command__init(packed)
  }

  init(_ packed: Muster__V1__AggregatorCommand) throws(Status) {
    switch packed.command_case {
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_WELCOME:
      self = .welcome(try Welcome(packed.welcome.pointee))
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_ACKNOWLEDGE:
      self = .acknowledge(try Acknowledge(packed.acknowledge.pointee))
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_HEARTBEAT:
      self = .heartbeat(try HeartbeatReply(packed.heartbeat.pointee))
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_RUN:
      self = .run(try Command(packed.run.pointee))
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_CANCEL:
      self = .cancel(id: try text(packed.cancel.pointee.id, "command id", MessageLimits.identifierBytes))
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_CONFIG_CONFIRM:
      self = .configConfirm(try digest(packed.config_confirm.pointee.sha256, "sha256"))
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_REPORT_ALL: self = .reportAll
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_REKEY:
      self = .rekey(reason: try text(packed.rekey.pointee.reason, "reason", MessageLimits.reasonBytes))
    case MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_PROBE: self = .probe(packed.probe.pointee.id)
    default:
      throw Status(.invalidArgument, "an AggregatorCommand without a command that is known here")
    }
  }

  func fill(_ packed: inout Muster__V1__AggregatorCommand, _ arena: Arena) {
    switch self {
    case .welcome(let welcome):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_WELCOME
      packed.welcome = arena.message(welcome)
    case .acknowledge(let acknowledge):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_ACKNOWLEDGE
      packed.acknowledge = arena.message(acknowledge)
    case .heartbeat(let reply):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_HEARTBEAT
      packed.heartbeat = arena.message(reply)
    case .run(let command):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_RUN
      packed.run = arena.message(command)
    case .cancel(let id):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_CANCEL
      packed.cancel = arena.message(muster__v1__cancel_command__init) { $0.id = arena.text(id) }
    case .configConfirm(let sha256):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_CONFIG_CONFIRM
      packed.config_confirm = arena.message(muster__v1__config_confirm__init) {
        $0.sha256 = arena.bytes(sha256)
      }
    case .reportAll:
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_REPORT_ALL
      packed.report_all = arena.message(muster__v1__report_all__init)
    case .rekey(let reason):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_REKEY
      packed.rekey = arena.message(muster__v1__rekey__init) {
        $0.reason = arena.text(reason, cutTo: MessageLimits.reasonBytes)
      }
    case .probe(let id):
      packed.command_case = MUSTER__V1__AGGREGATOR_COMMAND__COMMAND_PROBE
      packed.probe = arena.message(muster__v1__probe__init) { $0.id = id }
    }
  }
}
