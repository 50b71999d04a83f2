import GRPC
import Wire

/// One command on many hosts, as far as it decides: what was sent to whom, what came back, and when it is over.
///
///     recording ──written down──► running ──every host has a result──► over
///         └────── not written, or cancelled ──────────────────────────────┘
///
/// Every host gets exactly one result: its own, or the aggregator's word for it. What comes after that is refused.
/// Knows no connection and no clock. Whom to tell that the command is cancelled is returned as positions.
struct CommandRun {
  /// How a host begins.
  enum Start: Hashable, Sendable {
    /// The command goes down this control stream.
    case sent(stream: UInt64)
    /// It does not go out.
    case settled(CommandOutcome, reason: String)
  }

  enum Phase: Hashable, Sendable {
    case recording
    case running
    case over(Status)
  }

  /// What becomes of a part of output.
  enum Verdict: Hashable, Sendable {
    case taken
    /// Nobody waits for it.
    case refused
    /// More than was asked for: the host is to be told to stop.
    case flood
  }

  private struct Member {
    let hostID: String
    let instance: String
    var stream: UInt64?
    var outputBytes = 0
    var result: CommandResult?
  }

  /// The id of the command, and of the run as readers know it.
  let commandID: String
  let runID: String
  /// When results are waited for no longer.
  let deadline: Instant
  private let outputLimitBytes: Int
  private var members: [Member]
  private let positions: [String: Int]
  private(set) var phase = Phase.recording
  private(set) var progress: RunProgress
  private(set) var isCancelled = false
  var log: RunLog

  /// - Parameter hosts: ids and instance names, each host once.
  init(
    commandID: String, runID: String, hosts: [(id: String, instance: String)], outputLimitBytes: Int,
    deadline: Instant, log: RunLog = RunLog()
  ) {
    self.commandID = commandID
    self.runID = runID
    self.deadline = deadline
    self.outputLimitBytes = outputLimitBytes
    self.log = log
    members = hosts.map { Member(hostID: $0.id, instance: $0.instance) }
    positions = Dictionary(hosts.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    progress = RunProgress(total: UInt32(clamping: hosts.count))
  }

  /// What became of each host, those where it went wrong first; those without a result are left out.
  var results: [AuditHost] {
    let settled = members.filter { $0.result != nil }
    let inTrouble = settled.filter { $0.result?.outcome != .ok }
    return (inTrouble + settled.filter { $0.result?.outcome == .ok }).map { member in
      AuditHost(
        hostID: member.hostID, instance: member.instance, outcome: member.result?.outcome.word ?? "",
        reason: member.result?.reason ?? "")
    }
  }

  /// The message that an entry of the log is for a reader.
  func update(_ entry: RunLog.Entry) -> RunUpdate {
    switch entry {
    case .progress(let progress):
      return RunUpdate(runID: runID, progress: progress)
    case .output(let position, let output):
      return RunUpdate(
        runID: runID, hostID: members[position].hostID, instance: members[position].instance, output: output)
    case .result(let position, let result, let progress):
      return RunUpdate(
        runID: runID, hostID: members[position].hostID, instance: members[position].instance, result: result,
        progress: progress)
    case .skipped(let count):
      let text = "\(count) parts of output are left out: they came faster than they were read"
      return RunUpdate(runID: runID, output: CommandOutput(id: commandID, content: .text(text)))
    }
  }
}

// MARK: - Events

extension CommandRun {
  /// It is written down, and goes out. `starts`: one for each host, in order.
  mutating func begin(_ starts: [Start]) {
    guard phase == .recording else { return }
    phase = .running
    log.append(.progress(progress))
    for (position, start) in starts.enumerated() {
      switch start {
      case .sent(let stream): members[position].stream = stream
      case .settled(let outcome, let reason): settle(position, outcome, reason)
      }
    }
  }

  /// It could not be written down: nothing goes out.
  mutating func fail(_ status: Status) {
    if phase == .recording { phase = .over(status) }
  }

  /// A host has sent a part of output, of so many bytes.
  mutating func output(_ output: CommandOutput, bytes: Int, from hostID: String) -> Verdict {
    guard let position = waitingPosition(of: hostID) else { return .refused }
    members[position].outputBytes += bytes
    guard members[position].outputBytes <= outputLimitBytes + RunLimits.outputSlackBytes else {
      settle(
        position, .failed,
        "cancelled: the host sent more output than the \(outputLimitBytes) bytes that were asked for")
      return .flood
    }
    log.append(output, from: position, bytes: bytes)
    return .taken
  }

  /// A host has said its last word. False: nobody waits for it.
  mutating func result(_ result: CommandResult, from hostID: String) -> Bool {
    guard let position = waitingPosition(of: hostID) else { return false }
    var result = result
    if !result.outcome.isHostsWord {
      result.reason = "answered with an outcome (\(result.outcome.word)) that a host cannot have"
      result.outcome = .failed
    }
    settle(position, result)
    return true
  }

  /// A control stream is over.
  mutating func lost(_ hostID: String, stream: UInt64) {
    guard let position = waitingPosition(of: hostID), members[position].stream == stream else { return }
    settle(
      position, .lost,
      "the connection was lost before the result came; the command may have been carried out")
  }

  /// Nobody waits for the rest. Returns who is to be told.
  mutating func cancel(_ reason: String) -> [Int] {
    switch phase {
    case .over: return []
    case .recording:
      isCancelled = true
      phase = .over(Status(.cancelled, reason))
      return []
    case .running:
      isCancelled = true
      return settleWaiting(.cancelled, reason)
    }
  }

  /// Time has passed. Returns who is to be told.
  mutating func tick(at now: Instant) -> [Int] {
    guard now >= deadline, phase == .running else { return [] }
    return settleWaiting(.timedOut, "no result came in time")
  }

  /// The host's position, if its result is yet to come.
  private func waitingPosition(of hostID: String) -> Int? {
    guard phase == .running, let position = positions[hostID] else { return nil }
    return members[position].result == nil ? position : nil
  }

  private mutating func settleWaiting(_ outcome: CommandOutcome, _ reason: String) -> [Int] {
    let waiting = members.indices.filter { members[$0].result == nil }
    for position in waiting { settle(position, outcome, reason) }
    return waiting
  }

  private mutating func settle(_ position: Int, _ outcome: CommandOutcome, _ reason: String) {
    settle(position, CommandResult(id: commandID, outcome: outcome, reason: reason))
  }

  private mutating func settle(_ position: Int, _ result: CommandResult) {
    members[position].result = result
    progress.count(result.outcome)
    log.append(.result(position, result, progress))
    if progress.done == progress.total { phase = .over(.ok) }
  }
}
