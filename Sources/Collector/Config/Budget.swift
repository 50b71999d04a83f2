// What the collector may cost, and what it does about it. Sans-I/O.
//
//     level 0   everything
//     level 1   without the recorder
//     level 2   sources that are dear to read: at twice their interval
//     level 3   frames at twice the interval; each further level doubles it again, up to a minute
//
// Over its CPU budget for three windows in a row, the collector goes one level up; below half of it for three,
// one level down. Over its memory budget it gives up the recorder, which is what it can give up.
public import GRPC

/// Measures the collector against its budget.
public struct Budget: Sendable {
  /// What is averaged over.
  public static let window: Duration = .seconds(10)
  /// Windows in a row until something is shed, or taken up again.
  public static let windowsUntilChange = 3
  /// The last level: from any interval that is accepted to a minute.
  public static let maximumLevel = 12

  /// How much is shed; 0: nothing.
  public private(set) var level = 0
  /// CPUs used in the last window; nil: there was none yet.
  public private(set) var cpuRatio: Double?
  /// Resident bytes at its end, as far as they are known.
  public private(set) var residentBytes: Int?

  private var begin: (at: Instant, cpuNanoseconds: Int64)?
  private var windowsOver = 0
  private var windowsBelow = 0

  /// Nothing measured yet.
  public init() {}

  /// How things are; to be called about once a second or with every sample. True when the level changed.
  ///
  /// - Parameters:
  ///   - cpuNanoseconds: CPU time of the process so far.
  ///   - residentBytes: asked only when a window ends.
  public mutating func measure(
    cpuNanoseconds: Int64, against budget: BudgetSettings, at now: Instant, residentBytes: () -> Int?
  ) -> Bool {
    guard let begin else {
      self.begin = (now, cpuNanoseconds)
      return false
    }
    let length = (now - begin.at).saturatedNanoseconds
    guard length >= Self.window.saturatedNanoseconds else { return false }
    self.begin = (now, cpuNanoseconds)
    let ratio = Double(cpuNanoseconds - begin.cpuNanoseconds) / Double(length)
    cpuRatio = ratio
    self.residentBytes = residentBytes()
    return judge(ratio, budget)
  }

  private mutating func judge(_ ratio: Double, _ budget: BudgetSettings) -> Bool {
    let isMemoryOver = (residentBytes ?? 0) > budget.memoryBytes
    let isMemoryBelow = (residentBytes ?? 0) < budget.memoryBytes / 2
    // The recorder is all that memory can be saved on.
    let isOver = ratio > budget.cpuRatio || isMemoryOver && level == 0
    let isBelow = ratio < budget.cpuRatio / 2 && (level > 1 || isMemoryBelow)
    windowsOver = isOver ? windowsOver + 1 : 0
    windowsBelow = isBelow ? windowsBelow + 1 : 0
    if windowsOver >= Self.windowsUntilChange, level < Self.maximumLevel { return move(to: level + 1) }
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
