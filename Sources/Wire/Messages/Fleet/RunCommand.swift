internal import CProtobufC
public import GRPC

/// Has the selected hosts carry out a command.
public struct RunCommandRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts; empty: all.
  public var selector: String
  /// What to do.
  public var action: Action
  /// Results that have not come by then are timed out: 100 to 3600000; 0 stands for 30000.
  public var timeoutMilliseconds: UInt32
  /// When the command may no longer be begun, by the aggregator's clock; 0: the timeout.
  public var expiresMicroseconds: Int64
  /// A second request with the key of a run of the last hour is shown that run.
  public var idempotencyKey: String
  /// Output per host: at most 4194304; 0 stands for 1048576.
  public var outputLimitBytes: UInt32
  /// For the audit log: who asks …
  public var author: String
  /// … and why.
  public var message: String

  /// A request for this action.
  public init(
    selector: String = "", action: Action, timeoutMilliseconds: UInt32 = 0, expiresMicroseconds: Int64 = 0,
    idempotencyKey: String = "", outputLimitBytes: UInt32 = 0, author: String = "", message: String = ""
  ) {
    self.selector = selector
    self.action = action
    self.timeoutMilliseconds = timeoutMilliseconds
    self.expiresMicroseconds = expiresMicroseconds
    self.idempotencyKey = idempotencyKey
    self.outputLimitBytes = outputLimitBytes
    self.author = author
    self.message = message
  }
}

/// News of a run.
public struct RunUpdate: GRPCMessage, Hashable, Sendable {
  /// Of the run, as the audit log has it.
  public var runID: String
  /// Whose output or result it is; empty on a message of progress alone.
  public var hostID: String
  /// What that host calls itself.
  public var instance: String
  /// A part of its output.
  public var output: CommandOutput?
  /// The last word on its command.
  public var result: CommandResult?
  /// How far the run is.
  public var progress: RunProgress?

  /// An update of one host, or of progress alone.
  public init(
    runID: String, hostID: String = "", instance: String = "", output: CommandOutput? = nil,
    result: CommandResult? = nil, progress: RunProgress? = nil
  ) {
    self.runID = runID
    self.hostID = hostID
    self.instance = instance
    self.output = output
    self.result = result
    self.progress = progress
  }
}

/// How far a run is, in hosts.
public struct RunProgress: Hashable, Sendable {
  /// Hosts that were selected.
  public var total: UInt32
  /// Those with a result, whatever it was.
  public var done: UInt32
  /// Those that did it.
  public var ok: UInt32
  /// Those that could not.
  public var failed: UInt32
  /// Those whose administrator forbids it.
  public var refused: UInt32
  /// Those that did not answer in time.
  public var timedOut: UInt32
  /// Those that are not connected.
  public var unreachable: UInt32

  /// Progress of these figures.
  public init(
    total: UInt32 = 0, done: UInt32 = 0, ok: UInt32 = 0, failed: UInt32 = 0, refused: UInt32 = 0,
    timedOut: UInt32 = 0, unreachable: UInt32 = 0
  ) {
    self.total = total
    self.done = done
    self.ok = ok
    self.failed = failed
    self.refused = refused
    self.timedOut = timedOut
    self.unreachable = unreachable
  }
}

extension RunCommandRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RunCommandRequest>) {
    muster__v1__run_command_request__init(packed)
  }

  init(_ packed: Muster__V1__RunCommandRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      action: try Action(required: packed.action), timeoutMilliseconds: packed.timeout_ms,
      expiresMicroseconds: packed.expires_us,
      idempotencyKey: try text(packed.idempotency_key, "idempotency_key", MessageLimits.idempotencyKeyBytes),
      outputLimitBytes: packed.output_limit_bytes,
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes))
  }

  func fill(_ packed: inout Muster__V1__RunCommandRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.action = arena.message(action)
    packed.timeout_ms = timeoutMilliseconds
    packed.expires_us = expiresMicroseconds
    packed.idempotency_key = arena.text(idempotencyKey)
    packed.output_limit_bytes = outputLimitBytes
    packed.author = arena.text(author)
    packed.message = arena.text(message)
  }
}

extension RunUpdate: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RunUpdate>) {
    muster__v1__run_update__init(packed)
  }

  init(_ packed: Muster__V1__RunUpdate) throws(Status) {
    self.init(
      runID: try text(packed.run_id, "run_id", MessageLimits.identifierBytes),
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      output: try optional(packed.output), result: try optional(packed.result),
      progress: try optional(packed.progress))
  }

  func fill(_ packed: inout Muster__V1__RunUpdate, _ arena: Arena) {
    packed.run_id = arena.text(runID)
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    packed.output = output.map(arena.message)
    packed.result = result.map(arena.message)
    packed.progress = progress.map(arena.message)
  }
}

extension RunProgress: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RunProgress>) {
    muster__v1__run_progress__init(packed)
  }

  init(_ packed: Muster__V1__RunProgress) throws(Status) {
    self.init(
      total: packed.total, done: packed.done, ok: packed.ok, failed: packed.failed, refused: packed.refused,
      timedOut: packed.timed_out, unreachable: packed.unreachable)
  }

  func fill(_ packed: inout Muster__V1__RunProgress, _ arena: Arena) {
    packed.total = total
    packed.done = done
    packed.ok = ok
    packed.failed = failed
    packed.refused = refused
    packed.timed_out = timedOut
    packed.unreachable = unreachable
  }
}
