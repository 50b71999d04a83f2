import Wire

/// What the fleet can be sorted by; also the columns' names in the help line.
enum SortKey: String, CaseIterable, Sendable {
  case host, state, cpu, memory, load, disk, network, pressure, age

  /// Figures are wanted largest first, names from A.
  var startsDescending: Bool { self != .host && self != .state }
}

/// One column of the fleet view: how wide, how dear, and what it shows of a host.
struct FleetColumn: Sendable {
  let title: String
  let width: Int
  let alignment: Alignment
  /// When the terminal is too narrow, the highest goes first.
  let sacrifice: Int
  let sortKey: SortKey?
  let cell: @Sendable (HostInfo, CellContext) -> String

  /// What a cell needs beside the host.
  struct CellContext {
    let style: Style
    let width: Int
    /// The aggregator's clock, microseconds since 1970.
    let now: Int64
    let unicode: Bool
  }

  static let hostMinimumWidth = 12

  /// All columns but the host's name, which takes what is left.
  static let all: [FleetColumn] = [
    FleetColumn(title: "STATE", width: 8, alignment: .left, sacrifice: 3, sortKey: .state) { host, context in
      context.coloredState(host.state)
    },
    FleetColumn(title: "CPU", width: 6, alignment: .right, sacrifice: 0, sortKey: .cpu) { host, context in
      context.ratio(host.figures.cpuBusyRatio, warn: 0.7, alarm: 0.9)
    },
    FleetColumn(title: "CPU HISTORY", width: 20, alignment: .left, sacrifice: 5, sortKey: nil) {
      host, context in
      let history = host.figures.cpuHistory.lazy.map(Double.init)
      return context.style.cyan(
        Sparkline.draw(Array(history), maximum: 1, width: context.width, unicode: context.unicode))
    },
    FleetColumn(title: "MEM", width: 6, alignment: .right, sacrifice: 1, sortKey: .memory) { host, context in
      context.ratio(host.figures.memoryUsedRatio, warn: 0.8, alarm: 0.95)
    },
    FleetColumn(title: "LOAD", width: 6, alignment: .right, sacrifice: 4, sortKey: .load) { host, context in
      let cpus = Double(max(host.figures.cpus, 1))
      let text = Units.fixed(host.figures.load1, 2).fitted(to: context.width, alignment: .right)
      return context.style.graded(text, host.figures.load1 / cpus, warn: 1, alarm: 2)
    },
    FleetColumn(title: "READ/s", width: 7, alignment: .right, sacrifice: 7, sortKey: .disk) { host, context in
      context.bytes(host.figures.diskReadBytesPerSecond)
    },
    FleetColumn(title: "WRITE/s", width: 7, alignment: .right, sacrifice: 7, sortKey: nil) { host, context in
      context.bytes(host.figures.diskWrittenBytesPerSecond)
    },
    FleetColumn(title: "RX/s", width: 7, alignment: .right, sacrifice: 6, sortKey: .network) {
      host, context in
      context.bytes(host.figures.networkReceiveBytesPerSecond)
    },
    FleetColumn(title: "TX/s", width: 7, alignment: .right, sacrifice: 6, sortKey: nil) { host, context in
      context.bytes(host.figures.networkTransmitBytesPerSecond)
    },
    FleetColumn(title: "PSI cpu", width: 7, alignment: .right, sacrifice: 8, sortKey: .pressure) {
      host, context in
      context.ratio(host.figures.pressureCPURatio, warn: 0.2, alarm: 0.5)
    },
    FleetColumn(title: "mem", width: 6, alignment: .right, sacrifice: 8, sortKey: nil) { host, context in
      context.ratio(host.figures.pressureMemoryRatio, warn: 0.05, alarm: 0.2)
    },
    FleetColumn(title: "io", width: 6, alignment: .right, sacrifice: 8, sortKey: nil) { host, context in
      context.ratio(host.figures.pressureIORatio, warn: 0.2, alarm: 0.5)
    },
    FleetColumn(title: "AGE", width: 6, alignment: .right, sacrifice: 2, sortKey: .age) { host, context in
      context.age(of: host)
    },
  ]

  /// The columns that fit beside a host's name.
  static func fitting(_ columns: Int) -> [FleetColumn] {
    var kept = all
    func width() -> Int { kept.reduce(hostMinimumWidth) { $0 + $1.width + 1 } }
    while width() > columns, let dearest = kept.map(\.sacrifice).max(), !kept.isEmpty {
      kept.removeAll { $0.sacrifice == dearest }
    }
    return kept
  }
}

extension FleetColumn.CellContext {
  func ratio(_ ratio: Double, warn: Double, alarm: Double) -> String {
    style.graded(
      Units.percent(ratio).fitted(to: width, alignment: .right), ratio, warn: warn, alarm: alarm)
  }

  func bytes(_ rate: Double) -> String {
    let text = Units.bytes(rate).fitted(to: width, alignment: .right)
    return rate.isFinite ? text : style.dim(text)
  }

  func coloredState(_ state: HostState) -> String {
    let text = state.word.fitted(to: width)
    switch state {
    case .online: return style.green(text)
    case .stale, .expected: return style.yellow(text)
    case .offline: return style.red(text)
    default: return style.dim(text)
    }
  }

  func age(of host: HostInfo) -> String {
    guard host.lastFrameMicroseconds > 0 else {
      return style.dim("never".fitted(to: width, alignment: .right))
    }
    let age = max(0, now - host.lastFrameMicroseconds)
    let text = Units.duration(microseconds: age).fitted(to: width, alignment: .right)
    let interval = Double(max(host.intervalMilliseconds, 1)) * 1_000
    return style.graded(text, Double(age) / interval, warn: 2, alarm: 3)
  }
}
