internal import CProtobufC
internal import GRPC

/// What a collector finds when it looks at itself.
public struct SelfCheckReport: Hashable, Sendable {
  /// One per thing looked at.
  public var lines: [SelfCheckLine]

  /// A report of these lines.
  public init(lines: [SelfCheckLine] = []) {
    self.lines = lines
  }
}

/// One thing that a collector looked at.
public struct SelfCheckLine: Hashable, Sendable {
  /// What was looked at: a source, the state folder, the clock, the configuration.
  public var subject: String
  /// ok, unsupported, denied, failing, stuck, warning
  public var state: String
  /// What is wrong, and what to do.
  public var detail: String
  /// How long the last read took.
  public var readMicroseconds: UInt64
  /// Of a source: the series it has.
  public var series: UInt32

  /// A line of these parts.
  public init(
    subject: String = "", state: String = "", detail: String = "", readMicroseconds: UInt64 = 0,
    series: UInt32 = 0
  ) {
    self.subject = subject
    self.state = state
    self.detail = detail
    self.readMicroseconds = readMicroseconds
    self.series = series
  }
}

extension SelfCheckReport: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__SelfCheckReport>) {
    muster__v1__self_check_report__init(packed)
  }

  init(_ packed: Muster__V1__SelfCheckReport) throws(Status) {
    self.init(lines: try list(packed.lines, packed.n_lines, "lines", MessageLimits.reportLines))
  }

  func fill(_ packed: inout Muster__V1__SelfCheckReport, _ arena: Arena) {
    (packed.n_lines, packed.lines) = arena.list(lines.prefix(MessageLimits.reportLines))
  }
}

extension SelfCheckLine: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__SelfCheckLine>) {
    muster__v1__self_check_line__init(packed)
  }

  init(_ packed: Muster__V1__SelfCheckLine) throws(Status) {
    self.init(
      subject: try text(packed.subject, "subject", MessageLimits.pathBytes),
      state: try text(packed.state, "state", MessageLimits.unitBytes),
      detail: try text(packed.detail, "detail", MessageLimits.reasonBytes), readMicroseconds: packed.read_us,
      series: packed.series)
  }

  func fill(_ packed: inout Muster__V1__SelfCheckLine, _ arena: Arena) {
    packed.subject = arena.text(subject, cutTo: MessageLimits.pathBytes)
    packed.state = arena.text(state, cutTo: MessageLimits.unitBytes)
    packed.detail = arena.text(detail, cutTo: MessageLimits.reasonBytes)
    packed.read_us = readMicroseconds
    packed.series = series
  }
}
