internal import CProtobufC
public import GRPC

/// Asks for documents.
public struct ListConfigsRequest: GRPCMessage, Hashable, Sendable {
  /// Documents of this layer …
  public var selector: String
  /// … or of every layer.
  public var allLayers: Bool
  /// Every document, not only the current ones.
  public var history: Bool
  /// 0 stands for 100.
  public var limit: UInt32

  /// A request for these documents.
  public init(selector: String = "", allLayers: Bool = false, history: Bool = false, limit: UInt32 = 0) {
    self.selector = selector
    self.allLayers = allLayers
    self.history = history
    self.limit = limit
  }
}

/// Documents, newest first.
public struct ListConfigsResponse: GRPCMessage, Hashable, Sendable {
  /// Without their YAML.
  public var documents: [ConfigDocument]

  /// A response of these documents.
  public init(documents: [ConfigDocument] = []) {
    self.documents = documents
  }
}

/// Asks for a document.
public struct GetConfigRequest: GRPCMessage, Hashable, Sendable {
  /// Which.
  public var version: UInt64

  /// A request for this document.
  public init(version: UInt64) {
    self.version = version
  }
}

extension ListConfigsRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListConfigsRequest>) {
    muster__v1__list_configs_request__init(packed)
  }

  init(_ packed: Muster__V1__ListConfigsRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      allLayers: packed.all_layers != 0, history: packed.history != 0, limit: packed.limit)
  }

  func fill(_ packed: inout Muster__V1__ListConfigsRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.all_layers = allLayers ? 1 : 0
    packed.history = history ? 1 : 0
    packed.limit = limit
  }
}

extension ListConfigsResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListConfigsResponse>) {
    muster__v1__list_configs_response__init(packed)
  }

  init(_ packed: Muster__V1__ListConfigsResponse) throws(Status) {
    self.init(documents: try list(packed.documents, packed.n_documents, "documents", MessageLimits.documents))
  }

  func fill(_ packed: inout Muster__V1__ListConfigsResponse, _ arena: Arena) {
    (packed.n_documents, packed.documents) = arena.list(documents)
  }
}

extension GetConfigRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__GetConfigRequest>) {
    muster__v1__get_config_request__init(packed)
  }

  init(_ packed: Muster__V1__GetConfigRequest) throws(Status) {
    self.init(version: packed.version)
  }

  func fill(_ packed: inout Muster__V1__GetConfigRequest, _ arena: Arena) {
    packed.version = version
  }
}
