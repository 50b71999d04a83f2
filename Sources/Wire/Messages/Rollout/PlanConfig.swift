internal import CProtobufC
public import GRPC

/// Asks the selected hosts what a document would do. Applies nothing.
public struct PlanConfigRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts; empty: all.
  public var selector: String
  /// The text.
  public var yaml: String
  /// What errors call the document; empty: `config`.
  public var file: String
  /// Who asks.
  public var author: String
  /// 1000 to 60000; 0 stands for 10000.
  public var timeoutMilliseconds: UInt32

  /// A request for this document.
  public init(
    selector: String = "", yaml: String = "", file: String = "", author: String = "",
    timeoutMilliseconds: UInt32 = 0
  ) {
    self.selector = selector
    self.yaml = yaml
    self.file = file
    self.author = author
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}

/// What a document would do on one host.
public struct PlanUpdate: GRPCMessage, Hashable, Sendable {
  /// Identity, for ever.
  public var hostID: String
  /// What it calls itself.
  public var instance: String
  /// What it would do there.
  public var report: PlanReport?
  /// Why there is no report; empty: there is one.
  public var problem: String
  /// Hosts asked …
  public var asked: UInt32
  /// … and answered so far.
  public var answered: UInt32

  /// An update of one host.
  public init(
    hostID: String = "", instance: String = "", report: PlanReport? = nil, problem: String = "",
    asked: UInt32 = 0, answered: UInt32 = 0
  ) {
    self.hostID = hostID
    self.instance = instance
    self.report = report
    self.problem = problem
    self.asked = asked
    self.answered = answered
  }
}

extension PlanConfigRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__PlanConfigRequest>) {
    muster__v1__plan_config_request__init(packed)
  }

  init(_ packed: Muster__V1__PlanConfigRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      yaml: try text(packed.yaml, "yaml", MessageLimits.yamlBytes),
      file: try text(packed.file, "file", MessageLimits.pathBytes),
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      timeoutMilliseconds: packed.timeout_ms)
  }

  func fill(_ packed: inout Muster__V1__PlanConfigRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.yaml = arena.text(yaml)
    packed.file = arena.text(file)
    packed.author = arena.text(author)
    packed.timeout_ms = timeoutMilliseconds
  }
}

extension PlanUpdate: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__PlanUpdate>) {
    muster__v1__plan_update__init(packed)
  }

  init(_ packed: Muster__V1__PlanUpdate) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      report: try optional(packed.report),
      problem: try text(packed.problem, "problem", MessageLimits.reasonBytes), asked: packed.asked,
      answered: packed.answered)
  }

  func fill(_ packed: inout Muster__V1__PlanUpdate, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    packed.report = report.map(arena.message)
    packed.problem = arena.text(problem, cutTo: MessageLimits.reasonBytes)
    packed.asked = asked
    packed.answered = answered
  }
}
