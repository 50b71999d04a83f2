import Wire

/// What a config would do to the fleet: the reports of all hosts together.
struct PlanTally {
  /// Kinds of problems that are told apart; beyond, they are counted only.
  static let kindsMaximum = 50
  /// Hosts named for each kind.
  static let namesShown = 3

  /// Hosts that say the same.
  struct Kind {
    let text: String
    var hosts = 0
    var names: [String] = []
  }

  private(set) var asked = 0
  private(set) var reports = 0
  /// Hosts that gave no report.
  private(set) var silent = 0
  /// Hosts that would refuse the config.
  private(set) var refusing = 0
  /// Hosts where something it asks for cannot be read.
  private(set) var unreadable = 0
  private var series = (now: 0.0, then: 0.0)
  private var bytes = (now: 0.0, then: 0.0)
  private var cpu = (now: 0.0, then: 0.0)
  private var kinds: [Kind] = []
  private var unnamedKinds = 0
  private var places: [String: Int] = [:]

  /// Nobody has answered.
  init() {}

  /// Whether every host asked gave a report, and none would refuse.
  var isAllWell: Bool { asked > 0 && reports == asked && refusing == 0 }

  /// `312/1000, 3 would refuse`
  var progressLine: String {
    var parts = ["\(reports + silent)/\(asked)"]
    if refusing > 0 { parts.append("\(refusing) would refuse") }
    if silent > 0 { parts.append("\(silent) without a report") }
    return parts.joined(separator: ", ")
  }

  /// Takes what a host says.
  mutating func add(_ update: PlanUpdate) {
    asked = max(asked, Int(update.asked))
    guard !update.hostID.isEmpty || !update.instance.isEmpty else { return }
    let name = update.instance.isEmpty ? update.hostID : update.instance
    if let report = update.report {
      add(report, of: name)
    } else {
      silent += 1
      note("no report: \(update.problem)", of: name)
    }
    asked = max(asked, reports + silent)
  }

  private mutating func add(_ report: PlanReport, of name: String) {
    func add(_ sum: inout (now: Double, then: Double), _ now: Double, _ then: Double) {
      // A host that could not measure one side says nothing about the difference.
      guard now.isFinite, then.isFinite else { return }
      sum = (sum.now + now, sum.then + then)
    }
    reports += 1
    add(&series, Double(report.seriesNow), Double(report.seriesThen))
    add(&bytes, report.bytesPerSecondNow, report.bytesPerSecondThen)
    add(&cpu, report.cpuRatioNow, report.cpuRatioThen)
    if !report.refused.isEmpty { refusing += 1 }
    if !report.unreadable.isEmpty { unreadable += 1 }
    for problem in report.refused { note("would refuse \(PlanText.problem(problem))", of: name) }
    for problem in report.unreadable { note("cannot read \(PlanText.problem(problem))", of: name) }
  }

  private mutating func note(_ text: String, of name: String) {
    let text = text.printable
    if places[text] == nil {
      guard kinds.count < Self.kindsMaximum else {
        unnamedKinds += 1
        return
      }
      places[text] = kinds.count
      kinds.append(Kind(text: text))
    }
    guard let place = places[text] else { return }
    kinds[place].hosts += 1
    if kinds[place].names.count < Self.namesShown { kinds[place].names.append(name.printable) }
  }

  /// The fleet's difference, in lines.
  var lines: [String] {
    var lines = ["\(reports) of \(Units.counted(asked, "host")) answered; nothing was applied"]
    guard reports > 0 else { return lines + problems }
    lines.append(
      "series   \(Units.fixed(series.now, 0)) -> \(Units.fixed(series.then, 0))\(change(series))")
    lines.append(
      "bytes/s  \(Units.bytes(bytes.now)) -> \(Units.bytes(bytes.then))\(change(bytes))")
    lines.append(
      "CPU      \(PlanText.cpu(cpu.now)) -> \(PlanText.cpu(cpu.then))\(change(cpu)), of one processor, "
        + "all hosts together")
    if refusing > 0 { lines.append("\(Units.counted(refusing, "host")) would refuse it") }
    if unreadable > 0 {
      lines.append("\(Units.counted(unreadable, "host")) cannot read something that it asks for")
    }
    return lines + problems
  }

  private var problems: [String] {
    let lines = kinds.sorted { $0.hosts > $1.hosts }.map { kind in
      let more = kind.hosts - kind.names.count
      let names = kind.names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
      return "  \(names): \(kind.text)"
    }
    return unnamedKinds > 0 ? lines + ["  and \(unnamedKinds) more"] : lines
  }

  private func change(_ sum: (now: Double, then: Double)) -> String {
    guard sum.now > 0 else { return "" }
    let percent = (sum.then / sum.now - 1) * 100
    let text = Units.fixed(percent, 1)
    return " (\(percent > 0 && text != "0.0" ? "+" : "")\(text)%)"
  }
}
