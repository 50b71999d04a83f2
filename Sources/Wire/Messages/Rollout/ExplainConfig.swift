internal import CProtobufC
public import GRPC

/// Asks what a host is meant to run, and where each value comes from.
public struct ExplainConfigRequest: GRPCMessage, Hashable, Sendable {
  /// An instance or a host id.
  public var host: String

  /// A request for this host.
  public init(host: String) {
    self.host = host
  }
}

/// What a host is meant to run, and where each value comes from.
public struct ExplainConfigResponse: GRPCMessage, Hashable, Sendable {
  /// Identity, for ever.
  public var hostID: String
  /// What it calls itself.
  public var instance: String
  /// What it is meant to run.
  public var sha256: [UInt8]
  /// The newest document in it.
  public var version: UInt64
  /// What its frames say it runs.
  public var runningSHA256: [UInt8]
  /// What it said last about it.
  public var status: ConfigStatus
  /// The layers that select it, weakest first.
  public var layers: [ConfigLayer]
  /// One line per value that config gives.
  public var values: [ExplainedValue]

  /// A response of this host.
  public init(
    hostID: String, instance: String = "", sha256: [UInt8] = [], version: UInt64 = 0,
    runningSHA256: [UInt8] = [], status: ConfigStatus = ConfigStatus(), layers: [ConfigLayer] = [],
    values: [ExplainedValue] = []
  ) {
    self.hostID = hostID
    self.instance = instance
    self.sha256 = sha256
    self.version = version
    self.runningSHA256 = runningSHA256
    self.status = status
    self.layers = layers
    self.values = values
  }
}

/// A layer that selects a host.
public struct ConfigLayer: Hashable, Sendable {
  /// The layer.
  public var selector: String
  /// Its document.
  public var version: UInt64
  /// The rollout that brought it here and is not over; 0: none.
  public var rollout: UInt64

  /// A layer of this document.
  public init(selector: String = "", version: UInt64 = 0, rollout: UInt64 = 0) {
    self.selector = selector
    self.version = version
    self.rollout = rollout
  }
}

/// A value that config gives a host.
public struct ExplainedValue: Hashable, Sendable {
  /// `interval`, `sources.diskstats`, …
  public var key: String
  /// As a document would write it.
  public var value: String
  /// The document that gives it …
  public var version: UInt64
  /// … and its layer.
  public var selector: String
  /// The values it hides, weakest first: "5s (version 3)".
  public var hides: [String]

  /// A value of this key.
  public init(
    key: String = "", value: String = "", version: UInt64 = 0, selector: String = "", hides: [String] = []
  ) {
    self.key = key
    self.value = value
    self.version = version
    self.selector = selector
    self.hides = hides
  }
}

extension ExplainConfigRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ExplainConfigRequest>) {
    muster__v1__explain_config_request__init(packed)
  }

  init(_ packed: Muster__V1__ExplainConfigRequest) throws(Status) {
    self.init(host: try text(packed.host, "host", MessageLimits.instanceBytes))
  }

  func fill(_ packed: inout Muster__V1__ExplainConfigRequest, _ arena: Arena) {
    packed.host = arena.text(host)
  }
}

extension ExplainConfigResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ExplainConfigResponse>) {
    muster__v1__explain_config_response__init(packed)
  }

  init(_ packed: Muster__V1__ExplainConfigResponse) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      sha256: try digest(packed.sha256, "sha256"), version: packed.version,
      runningSHA256: try digest(packed.running_sha256, "running_sha256"),
      status: try optional(packed.status) ?? ConfigStatus(),
      layers: try list(packed.layers, packed.n_layers, "layers", MessageLimits.layers),
      values: try list(packed.values, packed.n_values, "values", MessageLimits.explainedValues))
  }

  func fill(_ packed: inout Muster__V1__ExplainConfigResponse, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    packed.sha256 = arena.bytes(sha256)
    packed.version = version
    packed.running_sha256 = arena.bytes(runningSHA256)
    packed.status = arena.message(status, unless: ConfigStatus())
    (packed.n_layers, packed.layers) = arena.list(layers)
    (packed.n_values, packed.values) = arena.list(values)
  }
}

extension ConfigLayer: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ConfigLayer>) {
    muster__v1__config_layer__init(packed)
  }

  init(_ packed: Muster__V1__ConfigLayer) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes), version: packed.version,
      rollout: packed.rollout)
  }

  func fill(_ packed: inout Muster__V1__ConfigLayer, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.version = version
    packed.rollout = rollout
  }
}

extension ExplainedValue: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ExplainedValue>) {
    muster__v1__explained_value__init(packed)
  }

  init(_ packed: Muster__V1__ExplainedValue) throws(Status) {
    self.init(
      key: try text(packed.key, "key", MessageLimits.configKeyBytes),
      value: try text(packed.value, "value", MessageLimits.configValueBytes), version: packed.version,
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      hides: try texts(
        packed.hides, packed.n_hides, "hides", MessageLimits.layers, MessageLimits.configValueBytes))
  }

  func fill(_ packed: inout Muster__V1__ExplainedValue, _ arena: Arena) {
    packed.key = arena.text(key, cutTo: MessageLimits.configKeyBytes)
    packed.value = arena.text(value, cutTo: MessageLimits.configValueBytes)
    packed.version = version
    packed.selector = arena.text(selector)
    (packed.n_hides, packed.hides) = arena.texts(
      hides.prefix(MessageLimits.layers), cutTo: MessageLimits.configValueBytes)
  }
}
