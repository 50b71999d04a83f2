internal import CProtobufC
public import GRPC

/// A document as it is stored.
public struct ConfigDocument: GRPCMessage, Hashable, Sendable {
  /// 1, 2, 3, …: one sequence for all layers.
  public var version: UInt64
  /// The layer.
  public var selector: String
  /// Of the packed `CollectorConfig` that the YAML says.
  public var sha256: [UInt8]
  /// The text.
  public var yaml: String
  /// Who pushed it …
  public var author: String
  /// … and why.
  public var message: String
  /// When: microseconds since 1970.
  public var createdMicroseconds: Int64
  /// Why it may not be used again; empty: it may.
  public var quarantined: String
  /// Whether it is its layer's document now.
  public var current: Bool

  /// A document of these parts.
  public init(
    version: UInt64 = 0, selector: String = "", sha256: [UInt8] = [], yaml: String = "", author: String = "",
    message: String = "", createdMicroseconds: Int64 = 0, quarantined: String = "", current: Bool = false
  ) {
    self.version = version
    self.selector = selector
    self.sha256 = sha256
    self.yaml = yaml
    self.author = author
    self.message = message
    self.createdMicroseconds = createdMicroseconds
    self.quarantined = quarantined
    self.current = current
  }
}

extension ConfigDocument: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ConfigDocument>) {
    muster__v1__config_document__init(packed)
  }

  init(_ packed: Muster__V1__ConfigDocument) throws(Status) {
    self.init(
      version: packed.version, selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      sha256: try digest(packed.sha256, "sha256"),
      yaml: try text(packed.yaml, "yaml", MessageLimits.yamlBytes),
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes),
      createdMicroseconds: packed.created_us,
      quarantined: try text(packed.quarantined, "quarantined", MessageLimits.reasonBytes),
      current: packed.current != 0)
  }

  func fill(_ packed: inout Muster__V1__ConfigDocument, _ arena: Arena) {
    packed.version = version
    packed.selector = arena.text(selector)
    packed.sha256 = arena.bytes(sha256)
    packed.yaml = arena.text(yaml)
    packed.author = arena.text(author)
    packed.message = arena.text(message)
    packed.created_us = createdMicroseconds
    packed.quarantined = arena.text(quarantined, cutTo: MessageLimits.reasonBytes)
    packed.current = current ? 1 : 0
  }
}
