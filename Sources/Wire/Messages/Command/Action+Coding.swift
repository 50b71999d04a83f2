internal import CProtobufC
internal import GRPC

extension Action: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Action>) { muster__v1__action__init(packed) }

  /// The action of a request, which must have one that is known here.
  init(required packed: UnsafeMutablePointer<Muster__V1__Action>?) throws(Status) {
    guard let packed else {
      throw Status(.invalidArgument, "a command without an action; give it one")
    }
    try self.init(packed.pointee)
  }

  init(_ packed: Muster__V1__Action) throws(Status) {
    guard let action = try Action(ifKnown: packed) else {
      throw Status(
        .invalidArgument,
        "an action that is not known here; known are \(CommandKind.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    self = action
  }

  /// nil: an action of a newer peer, or none.
  init?(ifKnown packed: Muster__V1__Action) throws(Status) {
    switch packed.action_case {
    case MUSTER__V1__ACTION__ACTION_PING: self = .ping
    case MUSTER__V1__ACTION__ACTION_SAMPLE_NOW:
      self = .sampleNow(
        pattern: try text(packed.sample_now.pointee.pattern, "pattern", MessageLimits.selectorBytes))
    case MUSTER__V1__ACTION__ACTION_TOP_PROCESSES:
      self = .topProcesses(try TopProcessesAction(packed.top_processes.pointee))
    case MUSTER__V1__ACTION__ACTION_DISK_USAGE: self = .diskUsage
    case MUSTER__V1__ACTION__ACTION_SET_RESOLUTION:
      self = .setResolution(try SetResolutionAction(packed.set_resolution.pointee))
    case MUSTER__V1__ACTION__ACTION_RECORDER:
      self = .recorder(lastMilliseconds: packed.recorder.pointee.last_ms)
    case MUSTER__V1__ACTION__ACTION_RELOAD: self = .reload
    case MUSTER__V1__ACTION__ACTION_LOG_LEVEL:
      self = .logLevel(try LogLevelAction(packed.log_level.pointee))
    case MUSTER__V1__ACTION__ACTION_SELF_CHECK: self = .selfCheck
    case MUSTER__V1__ACTION__ACTION_DIAGNOSTICS: self = .diagnostics
    case MUSTER__V1__ACTION__ACTION_RECONNECT: self = .reconnect
    case MUSTER__V1__ACTION__ACTION_SHUTDOWN: self = .shutdown
    case MUSTER__V1__ACTION__ACTION_PLAN_CONFIG:
      self = .planConfig(try bytes(packed.plan_config.pointee.config, "config", MessageLimits.configBytes))
    default: return nil
    }
  }

  func fill(_ packed: inout Muster__V1__Action, _ arena: Arena) {
    switch self {
    case .ping:
      packed.action_case = MUSTER__V1__ACTION__ACTION_PING
      packed.ping = arena.message(muster__v1__ping_action__init)
    case .sampleNow(let pattern):
      packed.action_case = MUSTER__V1__ACTION__ACTION_SAMPLE_NOW
      packed.sample_now = arena.message(muster__v1__sample_now_action__init) {
        $0.pattern = arena.text(pattern)
      }
    case .topProcesses(let action):
      packed.action_case = MUSTER__V1__ACTION__ACTION_TOP_PROCESSES
      packed.top_processes = arena.message(action)
    case .diskUsage:
      packed.action_case = MUSTER__V1__ACTION__ACTION_DISK_USAGE
      packed.disk_usage = arena.message(muster__v1__disk_usage_action__init)
    case .setResolution(let action):
      packed.action_case = MUSTER__V1__ACTION__ACTION_SET_RESOLUTION
      packed.set_resolution = arena.message(action)
    case .recorder(let lastMilliseconds):
      packed.action_case = MUSTER__V1__ACTION__ACTION_RECORDER
      packed.recorder = arena.message(muster__v1__recorder_action__init) { $0.last_ms = lastMilliseconds }
    case .reload:
      packed.action_case = MUSTER__V1__ACTION__ACTION_RELOAD
      packed.reload = arena.message(muster__v1__reload_action__init)
    case .logLevel(let action):
      packed.action_case = MUSTER__V1__ACTION__ACTION_LOG_LEVEL
      packed.log_level = arena.message(action)
    case .selfCheck:
      packed.action_case = MUSTER__V1__ACTION__ACTION_SELF_CHECK
      packed.self_check = arena.message(muster__v1__self_check_action__init)
    case .diagnostics:
      packed.action_case = MUSTER__V1__ACTION__ACTION_DIAGNOSTICS
      packed.diagnostics = arena.message(muster__v1__diagnostics_action__init)
    case .reconnect:
      packed.action_case = MUSTER__V1__ACTION__ACTION_RECONNECT
      packed.reconnect = arena.message(muster__v1__reconnect_action__init)
    case .shutdown:
      packed.action_case = MUSTER__V1__ACTION__ACTION_SHUTDOWN
      packed.shutdown = arena.message(muster__v1__shutdown_action__init)
    case .planConfig(let config):
      packed.action_case = MUSTER__V1__ACTION__ACTION_PLAN_CONFIG
      packed.plan_config = arena.message(muster__v1__plan_config_action__init) {
        $0.config = arena.bytes(config)
      }
    }
  }
}
