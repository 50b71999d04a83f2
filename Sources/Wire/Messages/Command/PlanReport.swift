internal import CProtobufC
public import GRPC

/// What a config would do on a host.
public struct PlanReport: GRPCMessage, Hashable, Sendable {
  /// Series under the present configuration …
  public var seriesNow: UInt32
  /// … and under the planned one.
  public var seriesThen: UInt32
  /// Bytes of frames under the present configuration …
  public var bytesPerSecondNow: Double
  /// … and under the planned one.
  public var bytesPerSecondThen: Double
  /// CPU seconds a second of sampling, measured on this host, under the present configuration …
  public var cpuRatioNow: Double
  /// … and under the planned one.
  public var cpuRatioThen: Double
  /// Sources the config asks for that cannot be read here, and why.
  public var unreadable: [ConfigProblem]
  /// Values that this host would refuse, and why.
  public var refused: [ConfigProblem]
  /// Keys that would change: "interval: 5s -> 1s".
  public var changes: [String]

  /// A report of these figures.
  public init(
    seriesNow: UInt32 = 0, seriesThen: UInt32 = 0, bytesPerSecondNow: Double = 0,
    bytesPerSecondThen: Double = 0, cpuRatioNow: Double = 0, cpuRatioThen: Double = 0,
    unreadable: [ConfigProblem] = [], refused: [ConfigProblem] = [], changes: [String] = []
  ) {
    self.seriesNow = seriesNow
    self.seriesThen = seriesThen
    self.bytesPerSecondNow = bytesPerSecondNow
    self.bytesPerSecondThen = bytesPerSecondThen
    self.cpuRatioNow = cpuRatioNow
    self.cpuRatioThen = cpuRatioThen
    self.unreadable = unreadable
    self.refused = refused
    self.changes = changes
  }
}

extension PlanReport: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__PlanReport>) {
    muster__v1__plan_report__init(packed)
  }

  init(_ packed: Muster__V1__PlanReport) throws(Status) {
    self.init(
      seriesNow: packed.series_now, seriesThen: packed.series_then,
      bytesPerSecondNow: packed.bytes_per_second_now, bytesPerSecondThen: packed.bytes_per_second_then,
      cpuRatioNow: packed.cpu_ratio_now, cpuRatioThen: packed.cpu_ratio_then,
      unreadable: try list(packed.unreadable, packed.n_unreadable, "unreadable", MessageLimits.problems),
      refused: try list(packed.refused, packed.n_refused, "refused", MessageLimits.problems),
      changes: try texts(
        packed.changes, packed.n_changes, "changes", MessageLimits.reportLines, MessageLimits.configValueBytes
      ))
  }

  func fill(_ packed: inout Muster__V1__PlanReport, _ arena: Arena) {
    packed.series_now = seriesNow
    packed.series_then = seriesThen
    packed.bytes_per_second_now = bytesPerSecondNow
    packed.bytes_per_second_then = bytesPerSecondThen
    packed.cpu_ratio_now = cpuRatioNow
    packed.cpu_ratio_then = cpuRatioThen
    (packed.n_unreadable, packed.unreadable) = arena.list(unreadable.prefix(MessageLimits.problems))
    (packed.n_refused, packed.refused) = arena.list(refused.prefix(MessageLimits.problems))
    (packed.n_changes, packed.changes) = arena.texts(
      changes.prefix(MessageLimits.reportLines), cutTo: MessageLimits.configValueBytes)
  }
}
