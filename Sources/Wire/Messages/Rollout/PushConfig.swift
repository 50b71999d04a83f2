internal import CProtobufC
public import GRPC

/// Checks a document, stores it, and begins to roll it out.
public struct PushConfigRequest: GRPCMessage, Hashable, Sendable {
  /// The layer.
  public var selector: String
  /// The text.
  public var yaml: String
  /// What errors call the document; empty: `config`.
  public var file: String
  /// Who asks …
  public var author: String
  /// … and why.
  public var message: String
  /// How to roll it out.
  public var plan: RolloutPlan
  /// Checks only: the answer's version is 0.
  public var dryRun: Bool

  /// A request for this document.
  public init(
    selector: String = "", yaml: String = "", file: String = "", author: String = "", message: String = "",
    plan: RolloutPlan = RolloutPlan(), dryRun: Bool = false
  ) {
    self.selector = selector
    self.yaml = yaml
    self.file = file
    self.author = author
    self.message = message
    self.plan = plan
    self.dryRun = dryRun
  }
}

extension PushConfigRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__PushConfigRequest>) {
    muster__v1__push_config_request__init(packed)
  }

  init(_ packed: Muster__V1__PushConfigRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      yaml: try text(packed.yaml, "yaml", MessageLimits.yamlBytes),
      file: try text(packed.file, "file", MessageLimits.pathBytes),
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes),
      plan: try optional(packed.plan) ?? RolloutPlan(), dryRun: packed.dry_run != 0)
  }

  func fill(_ packed: inout Muster__V1__PushConfigRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.yaml = arena.text(yaml)
    packed.file = arena.text(file)
    packed.author = arena.text(author)
    packed.message = arena.text(message)
    packed.plan = arena.message(plan, unless: RolloutPlan())
    packed.dry_run = dryRun ? 1 : 0
  }
}
