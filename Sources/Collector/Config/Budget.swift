// What the collector may cost, and what it does about it (`Shedding`). Sans-I/O.
//
// Over its budget of CPU or bytes for three windows in a row, the collector goes one level up; below half of both
// for three, one level down. Over its memory budget it gives up the recorder, which is what memory can be saved on.
public import GRPC

/// Measures the collector against its budget.
public struct Budget: Sendable {
  /// What is averaged over.
  public static let window: Duration = .seconds(10)
  /// Windows in a row until something is shed, or taken up again.
  public static let windowsUntilChange = 3

  /// What the collector has cost so far, ever.
  public struct Cost: Sendable {
    /// CPU time of the process.
    public var cpuNanoseconds: Int64
    /// What it has sent.
    public var bytesSent: UInt64

    /// So much of each.
    public init(cpuNanoseconds: Int64, bytesSent: UInt64) {
      self.cpuNanoseconds = cpuNanoseconds
      self.bytesSent = bytesSent
    }
  }

  /// How much is shed; 0: nothing.
  public private(set) var level = 0
  /// CPUs used in the last window; nil: there was none yet.
  public private(set) var cpuRatio: Double?
  /// Bytes sent a second in it.
  public private(set) var bytesPerSecond: Double?
  /// Resident bytes at its end, as far as they are known.
  public private(set) var residentBytes: Int?

  private var begin: (at: Instant, cost: Cost)?
  private var windowsOver = 0
  private var windowsBelow = 0

  /// Nothing measured yet.
  public init() {}

  /// How things are; to be called about once a second or with every sample. True when the level changed.
  ///
  /// - Parameter residentBytes: asked only when a window ends.
  public mutating func measure(
    _ cost: Cost, against budget: BudgetSettings, at now: Instant, residentBytes: () -> Int?
  ) -> Bool {
    guard let begin else {
      self.begin = (now, cost)
      return false
    }
    let length = (now - begin.at).saturatedNanoseconds
    guard length >= Self.window.saturatedNanoseconds else { return false }
    self.begin = (now, cost)
    let cpuRatio = Double(cost.cpuNanoseconds - begin.cost.cpuNanoseconds) / Double(length)
    let bytes = cost.bytesSent - min(begin.cost.bytesSent, cost.bytesSent)
    let bytesPerSecond = Double(bytes) / Double(length) * 1e9
    self.cpuRatio = cpuRatio
    self.bytesPerSecond = bytesPerSecond
    self.residentBytes = residentBytes()
    // The share of its budget that the dearer of the two takes.
    return judge(max(cpuRatio / budget.cpuRatio, bytesPerSecond / Double(budget.bytesPerSecond)), budget)
  }

  private mutating func judge(_ share: Double, _ budget: BudgetSettings) -> Bool {
    let isMemoryOver = (residentBytes ?? 0) > budget.memoryBytes
    let isMemoryBelow = (residentBytes ?? 0) < budget.memoryBytes / 2
    // The recorder is all that memory can be saved on.
    let isOver = share > 1 || isMemoryOver && level == 0
    let isBelow = share < 0.5 && (level > 1 || isMemoryBelow)
    windowsOver = isOver ? windowsOver + 1 : 0
    windowsBelow = isBelow ? windowsBelow + 1 : 0
    if windowsOver >= Self.windowsUntilChange, level < Shedding.maximumLevel { return move(to: level + 1) }
    if windowsBelow >= Self.windowsUntilChange, level > 0 { return move(to: level - 1) }
    return false
  }

  private mutating func move(to level: Int) -> Bool {
    self.level = level
    windowsOver = 0
    windowsBelow = 0
    return true
  }
}
