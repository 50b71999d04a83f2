internal import CProtobufC
public import GRPC

/// A part of what a command brought to light.
public struct CommandOutput: GRPCMessage, Hashable, Sendable {
  /// What a part is.
  public enum Content: Hashable, Sendable {
    /// A line for people.
    case text(String)
    /// Values of metrics.
    case samples(CommandSamples)
    /// Processes.
    case processes(ProcessList)
    /// File systems.
    case disks(DiskUsageList)
    /// A piece of the recorder.
    case recorder(RecorderPart)
    /// What the collector found when it looked at itself.
    case selfCheck(SelfCheckReport)
    /// A file for support.
    case diagnostics(DiagnosticsPart)
    /// What a config would do.
    case plan(PlanReport)
  }

  /// The command's.
  public var id: String
  /// 0, 1, 2, …
  public var part: UInt32
  /// What it is.
  public var content: Content

  /// A part of the output of a command.
  public init(id: String, part: UInt32 = 0, content: Content) {
    self.id = id
    self.part = part
    self.content = content
  }
}

extension CommandOutput: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__CommandOutput>) {
    muster__v1__command_output__init(packed)
  }

  init(_ packed: Muster__V1__CommandOutput) throws(Status) {
    self.init(
      id: try text(packed.id, "command id", MessageLimits.identifierBytes), part: packed.part,
      content: try Content(packed))
  }

  func fill(_ packed: inout Muster__V1__CommandOutput, _ arena: Arena) {
    packed.id = arena.text(id)
    packed.part = part
    content.fill(&packed, arena)
  }
}

extension CommandOutput.Content {
  fileprivate init(_ packed: Muster__V1__CommandOutput) throws(Status) {
    switch packed.content_case {
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_TEXT:
      self = .text(try Wire.text(packed.text, "text", MessageLimits.outputPartBytes))
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_SAMPLES:
      self = .samples(try CommandSamples(packed.samples.pointee))
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_PROCESSES:
      self = .processes(try ProcessList(packed.processes.pointee))
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_DISKS:
      self = .disks(try DiskUsageList(packed.disks.pointee))
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_RECORDER:
      self = .recorder(try RecorderPart(packed.recorder.pointee))
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_SELF_CHECK:
      self = .selfCheck(try SelfCheckReport(packed.self_check.pointee))
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_DIAGNOSTICS:
      self = .diagnostics(try DiagnosticsPart(packed.diagnostics.pointee))
    case MUSTER__V1__COMMAND_OUTPUT__CONTENT_PLAN:
      self = .plan(try PlanReport(packed.plan.pointee))
    default:
      // A newer collector's: no reason to end its control stream.
      self = .text("(output of a kind that is not known here; a newer version shows it)")
    }
  }

  fileprivate func fill(_ packed: inout Muster__V1__CommandOutput, _ arena: Arena) {
    switch self {
    case .text(let text):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_TEXT
      packed.text = arena.text(text, cutTo: MessageLimits.outputPartBytes)
    case .samples(let samples):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_SAMPLES
      packed.samples = arena.message(samples)
    case .processes(let list):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_PROCESSES
      packed.processes = arena.message(list)
    case .disks(let list):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_DISKS
      packed.disks = arena.message(list)
    case .recorder(let part):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_RECORDER
      packed.recorder = arena.message(part)
    case .selfCheck(let report):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_SELF_CHECK
      packed.self_check = arena.message(report)
    case .diagnostics(let part):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_DIAGNOSTICS
      packed.diagnostics = arena.message(part)
    case .plan(let report):
      packed.content_case = MUSTER__V1__COMMAND_OUTPUT__CONTENT_PLAN
      packed.plan = arena.message(report)
    }
  }
}
