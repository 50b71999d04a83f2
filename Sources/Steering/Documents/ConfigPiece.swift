import Settings
import Wire

/// What a config says of one thing: the unit in which a stronger layer replaces a weaker one's word.
///
/// A filter is one piece with both its lists: an `include` of one layer and an `exclude` of another were
/// never meant together.
enum ConfigPiece: Hashable {
  case interval(UInt32)
  case heartbeatInterval(UInt32)
  case source(SourceConfig)
  case filter(FilterConfig)
  case label(Label)
  case bufferBytes(UInt64)
  case bufferFrames(UInt64)
  case cpuBudget(Double)
  case memoryBudget(UInt64)
  case bytesBudget(UInt64)
  case recorder(Switch)
  case logLevel(String)

  /// Everything that a config says, in the order in which it is shown.
  static func all(of config: CollectorConfig) -> [ConfigPiece] {
    var pieces: [ConfigPiece] = []
    if config.intervalMilliseconds > 0 { pieces.append(.interval(config.intervalMilliseconds)) }
    if config.heartbeatIntervalMilliseconds > 0 {
      pieces.append(.heartbeatInterval(config.heartbeatIntervalMilliseconds))
    }
    pieces += config.sources.map(ConfigPiece.source)
    pieces += config.filters.map(ConfigPiece.filter)
    pieces += config.labels.map(ConfigPiece.label)
    if config.bufferBytes > 0 { pieces.append(.bufferBytes(config.bufferBytes)) }
    if config.bufferFrames > 0 { pieces.append(.bufferFrames(config.bufferFrames)) }
    if config.cpuBudgetRatio > 0 { pieces.append(.cpuBudget(config.cpuBudgetRatio)) }
    if config.memoryBudgetBytes > 0 { pieces.append(.memoryBudget(config.memoryBudgetBytes)) }
    if config.bytesPerSecondBudget > 0 { pieces.append(.bytesBudget(config.bytesPerSecondBudget)) }
    if config.recorder != .unset { pieces.append(.recorder(config.recorder)) }
    if !config.logLevel.isEmpty { pieces.append(.logLevel(config.logLevel)) }
    return pieces
  }

  /// The thing it is about: of two pieces with one key, the stronger layer's holds.
  var key: String {
    switch self {
    case .interval: "interval"
    case .heartbeatInterval: "heartbeat_interval"
    case .source(let source): "sources.\(source.name)"
    case .filter(let filter): "filters.\(filter.name)"
    case .label(let label): "labels.\(label.name)"
    case .bufferBytes: "buffer.bytes"
    case .bufferFrames: "buffer.frames"
    case .cpuBudget: "budget.cpu"
    case .memoryBudget: "budget.memory"
    case .bytesBudget: "budget.bytes"
    case .recorder: "recorder"
    case .logLevel: "log.level"
    }
  }

  /// Its lines: one for everything but a filter, which has one per list that is not empty. A filter without
  /// patterns leaves out nothing, and says so.
  var entries: [(key: String, value: String)] {
    guard case .filter(let filter) = self else { return [(key, value)] }
    let lists = [("include", filter.include), ("exclude", filter.exclude)].filter { !$0.1.isEmpty }
    return (lists.isEmpty ? [("exclude", [])] : lists).map { ("\(key).\($0.0)", Self.list($0.1)) }
  }

  private static func list(_ patterns: [String]) -> String { "[\(patterns.joined(separator: ", "))]" }

  private var value: String {
    switch self {
    case .interval(let milliseconds), .heartbeatInterval(let milliseconds): Self.duration(milliseconds)
    case .source(let source):
      source.enabled == .off
        ? "off" : source.intervalMilliseconds > 0 ? Self.duration(source.intervalMilliseconds) : "on"
    case .filter(let filter): Self.list(filter.include + filter.exclude)
    case .label(let label): label.value
    case .bufferBytes(let bytes), .memoryBudget(let bytes), .bytesBudget(let bytes):
      ByteSize.text(Int(clamping: bytes))
    case .bufferFrames(let frames): "\(frames)"
    case .cpuBudget(let ratio): PercentText.text(ratio)
    case .recorder(let recorder): recorder == .on ? "on" : "off"
    case .logLevel(let level): level
    }
  }

  /// A duration as documents write it.
  static func duration(_ milliseconds: UInt32) -> String {
    DurationText.text(.milliseconds(Int64(milliseconds)))
  }

  /// Adds what it says to a config that says nothing of its thing yet.
  func write(to config: inout CollectorConfig) {
    switch self {
    case .interval(let milliseconds): config.intervalMilliseconds = milliseconds
    case .heartbeatInterval(let milliseconds): config.heartbeatIntervalMilliseconds = milliseconds
    case .source(let source): config.sources.append(source)
    case .filter(let filter): config.filters.append(filter)
    case .label(let label): config.labels.append(label)
    case .bufferBytes(let bytes): config.bufferBytes = bytes
    case .bufferFrames(let frames): config.bufferFrames = frames
    case .cpuBudget(let ratio): config.cpuBudgetRatio = ratio
    case .memoryBudget(let bytes): config.memoryBudgetBytes = bytes
    case .bytesBudget(let bytes): config.bytesPerSecondBudget = bytes
    case .recorder(let recorder): config.recorder = recorder
    case .logLevel(let level): config.logLevel = level
    }
  }
}
