import Wire

/// What a host said to a command, ready to be shown.
struct HostAnswer {
  let hostID: String
  let instance: String
  let contents: [CommandOutput.Content]
  /// Nil: more will follow.
  let result: CommandResult?
  /// How long after the call the result was here.
  var afterMicroseconds: Int64 = 0
}

/// Collects a run's updates into answers, one a host: output that came before the result is held until it
/// is there, so that hosts do not mix on the screen.
struct RunReport {
  /// Lines of output held for all hosts together; beyond, a host's output is shown as it comes.
  static let heldLinesMaximum = 100_000

  private struct Pending {
    let instance: String
    var contents: [CommandOutput.Content] = []
    var lines = 0
  }

  private(set) var runID = ""
  private(set) var tally = RunTally()
  private var pending: [String: Pending] = [:]
  private var heldLines = 0
  private var finished: Set<String> = []

  /// A run of which nothing is known.
  init() {}

  /// Takes an update that came so long after the call; returns what is to be shown now.
  mutating func apply(_ update: RunUpdate, afterMicroseconds: Int64 = 0) -> [HostAnswer] {
    if !update.runID.isEmpty { runID = update.runID }
    if let progress = update.progress { tally.expect(Int(progress.total)) }
    // A host that was never seen has no id.
    let host = update.hostID.isEmpty ? update.instance : update.hostID
    guard !host.isEmpty, !finished.contains(host) else { return [] }
    var answers: [HostAnswer] = []
    if let output = update.output { answers += hold(output.content, of: host, update.instance) }
    if let result = update.result {
      let contents = take(host)
      finished.insert(host)
      tally.count(result.outcome)
      answers.append(
        HostAnswer(
          hostID: update.hostID, instance: update.instance, contents: contents, result: result,
          afterMicroseconds: afterMicroseconds))
    }
    return answers
  }

  /// Adds a line of ours to what is shown of a host.
  mutating func note(_ line: String, hostID: String, instance: String) {
    _ = apply(
      RunUpdate(
        runID: runID, hostID: hostID, instance: instance,
        output: CommandOutput(id: "", content: .text(line))))
  }

  /// What hosts said that came to no result; for the end of a run that was cut short.
  mutating func rest() -> [HostAnswer] {
    pending.keys.sorted().compactMap { host in
      let instance = pending[host]?.instance ?? ""
      let contents = take(host)
      return contents.isEmpty
        ? nil : HostAnswer(hostID: host, instance: instance, contents: contents, result: nil)
    }
  }

  private mutating func hold(
    _ content: CommandOutput.Content, of host: String, _ instance: String
  ) -> [HostAnswer] {
    let lines = content.lineCount
    pending[host, default: Pending(instance: instance)].contents.append(content)
    pending[host]?.lines += lines
    heldLines += lines
    guard heldLines > Self.heldLinesMaximum else { return [] }
    return [HostAnswer(hostID: host, instance: instance, contents: take(host), result: nil)]
  }

  private mutating func take(_ host: String) -> [CommandOutput.Content] {
    guard let held = pending.removeValue(forKey: host) else { return [] }
    heldLines -= held.lines
    return held.contents
  }
}

extension CommandOutput.Content {
  /// About how many lines it takes on a screen, which stands for the memory it takes.
  fileprivate var lineCount: Int {
    switch self {
    case .text(let text): 1 + text.utf8.count / 80
    case .samples(let samples): 1 + samples.samples.count
    case .processes(let list): 1 + list.processes.count
    case .disks(let list): 1 + list.mounts.count
    case .recorder(let part): part.frames.count + part.minutes.reduce(0) { $0 + $1.processes.count }
    case .selfCheck(let report): 1 + report.lines.count
    case .diagnostics(let part): 1 + part.content.count / 80
    case .plan(let report): 1 + report.changes.count + report.refused.count + report.unreadable.count
    }
  }
}

extension RunUpdate {
  /// What the aggregator says of the run itself: a text that is no host's.
  var runNote: String? {
    guard hostID.isEmpty, instance.isEmpty, case .text(let text)? = output?.content else { return nil }
    return text
  }
}
