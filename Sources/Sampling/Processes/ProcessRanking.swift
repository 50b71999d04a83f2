import Wire

/// A process that may be one of the top ones: what the pass has found out about it.
package struct RankedProcess: Hashable {
  package var pid: UInt32
  package var name: String
  var state: UInt8
  var startTicks: Int64
  var threads: Int64
  var residentPages: Int64
  /// CPUs used over the window.
  package var cpuRatio: Double
  /// Bytes a second over the window; NaN: not known.
  var readPerSecond = Double.nan
  var writtenPerSecond = Double.nan
}

/// The first few of all processes in some order, kept sorted while they come.
package struct ProcessRanking {
  package private(set) var processes: [RankedProcess] = []
  private var scores: [Double] = []
  private let count: Int

  init(count: Int) {
    self.count = count
    processes.reserveCapacity(count + 1)
    scores.reserveCapacity(count + 1)
  }

  /// Whether a process of this score would be among them. Of equals, those that came first stay.
  func accepts(_ score: Double) -> Bool {
    scores.count < count || score > scores[count - 1]
  }

  /// Puts a process in its place; `accepts` was asked.
  mutating func insert(_ process: RankedProcess, _ score: Double) {
    let place = scores.firstIndex { $0 < score } ?? scores.count
    scores.insert(score, at: place)
    processes.insert(process, at: place)
    if processes.count > count {
      processes.removeLast()
      scores.removeLast()
    }
  }
}

extension RankedProcess {
  /// Whether it used any of what the order is by.
  func used(_ order: ProcessOrder) -> Bool {
    switch order {
    case .cpu: cpuRatio > 0
    case .memory: residentPages > 0
    case .io: readPerSecond + writtenPerSecond > 0
    case .threads: threads > 0
    }
  }
}

extension ProcessOrder {
  /// What counts.
  func score(_ process: RankedProcess) -> Double {
    score(
      cpu: process.cpuRatio, pages: process.residentPages,
      io: process.readPerSecond + process.writtenPerSecond, threads: process.threads)
  }

  /// What counts. Among equals memory decides, where that is not the order itself.
  func score(cpu: Double, pages: Int64, io: Double, threads: Int64) -> Double {
    // A millionth at most: it never outweighs a tick over a minute, a byte or a thread.
    let tie = Double(min(pages, 1 << 40)) * 0x1p-60
    return switch self {
    case .cpu: cpu + tie
    case .memory: Double(pages)
    case .io: (io.isNaN ? -1 : io) + tie
    case .threads: Double(threads) + tie
    }
  }
}
