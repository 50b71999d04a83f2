internal import CProtobufC
internal import GRPC

/// One file of what support asks for.
public struct DiagnosticsPart: Hashable, Sendable {
  /// settings.yaml, state, log, counters, …: a plain name.
  public var name: String
  /// What is in it, at most `MessageLimits.outputPartBytes`.
  public var content: [UInt8]

  /// A part of this name.
  public init(name: String = "", content: [UInt8] = []) {
    self.name = name
    self.content = content
  }
}

extension DiagnosticsPart: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__DiagnosticsPart>) {
    muster__v1__diagnostics_part__init(packed)
  }

  init(_ packed: Muster__V1__DiagnosticsPart) throws(Status) {
    self.init(
      name: try text(packed.name, "name", MessageLimits.nameBytes),
      content: try bytes(packed.content, "content", MessageLimits.outputPartBytes))
  }

  func fill(_ packed: inout Muster__V1__DiagnosticsPart, _ arena: Arena) {
    packed.name = arena.text(name, cutTo: MessageLimits.nameBytes)
    packed.content = arena.bytes(content)
  }
}
