import Foundation
import Wire

/// A host's answer as `muster run --output json` shows it: one line a host. Output that is too much to be
/// held comes in lines before it, without an outcome.
struct AnswerDocument: Encodable {
  let runId: String
  let hostId: String
  let instance: String
  let outcome: String?
  let reason: String?
  let durationUs: UInt64?
  /// How long after the call the result was here.
  let afterUs: Int64?
  let bytesCut: UInt64?
  var text: [String]?
  var samples: [SampleDocument]?
  var processes: [ProcessListDocument]?
  var disks: [MountDocument]?
  var selfCheck: [SelfCheckDocument]?
  var recorder: RecorderSummary?
  var diagnostics: [DiagnosticsDocument]?
  var plan: PlanReportDocument?

  init(_ answer: HostAnswer, runID: String) {
    runId = runID
    hostId = answer.hostID
    instance = answer.instance
    outcome = answer.result?.outcome.word.snakeCased
    reason = answer.result?.reason.nonEmpty
    durationUs = answer.result?.durationMicroseconds
    afterUs = answer.result.map { _ in answer.afterMicroseconds }
    bytesCut = answer.result.flatMap { $0.bytesCut > 0 ? $0.bytesCut : nil }
    for content in answer.contents { add(content) }
  }

  private mutating func add(_ content: CommandOutput.Content) {
    switch content {
    case .text(let text): self.text = (self.text ?? []) + [text]
    case .samples(let part):
      let documents = part.samples.map { sample in
        SampleDocument(
          instance: instance, timeUs: part.timeMicroseconds, name: sample.name, labels: sample.labels,
          unit: "", value: sample.value)
      }
      samples = (samples ?? []) + documents
    case .processes(let list): processes = (processes ?? []) + [ProcessListDocument(list)]
    case .disks(let list): disks = (disks ?? []) + list.mounts.map(MountDocument.init)
    case .recorder(let part): recorder = (recorder ?? RecorderSummary()).adding(part)
    case .selfCheck(let report): selfCheck = (selfCheck ?? []) + report.lines.map(SelfCheckDocument.init)
    case .diagnostics(let part): diagnostics = (diagnostics ?? []) + [DiagnosticsDocument(part)]
    case .plan(let report): plan = PlanReportDocument(report)
    }
  }
}

/// Processes of a host at one moment.
struct ProcessListDocument: Encodable {
  let timeUs: Int64
  let windowMs: UInt32
  let total: UInt32
  let examined: UInt32
  let list: [ProcessDocument]

  init(_ processes: ProcessList) {
    timeUs = processes.timeMicroseconds
    windowMs = processes.windowMilliseconds
    total = processes.total
    examined = processes.examined
    list = processes.processes.map(ProcessDocument.init)
  }
}

/// One process.
struct ProcessDocument: Encodable {
  let pid: UInt32
  let name: String
  let commandLine: String
  let user: String
  let state: String
  let cpuRatio: Double?
  let residentBytes: UInt64
  let readBytesPerSecond: Double?
  let writtenBytesPerSecond: Double?
  let threads: UInt32
  let startedUs: Int64?
  let unit: String?

  init(_ process: Wire.ProcessInfo) {
    pid = process.pid
    name = process.name
    commandLine = process.commandLine
    user = process.user
    state = process.state
    cpuRatio = process.cpuRatio.finite
    residentBytes = process.residentBytes
    readBytesPerSecond = process.readBytesPerSecond.finite
    writtenBytesPerSecond = process.writtenBytesPerSecond.finite
    threads = process.threads
    startedUs = process.startedMicroseconds == 0 ? nil : process.startedMicroseconds
    unit = process.unit.nonEmpty
  }
}

/// One mount; without figures when there is a problem.
struct MountDocument: Encodable {
  let mountPoint: String
  let device: String
  let type: String
  let readOnly: Bool
  let problem: String?
  let sizeBytes: UInt64?
  let usedBytes: UInt64?
  let availableBytes: UInt64?
  let inodes: UInt64?
  let inodesUsed: UInt64?

  init(_ mount: MountUsage) {
    mountPoint = mount.mountPoint
    device = mount.device
    type = mount.type
    readOnly = mount.readOnly
    problem = mount.problem.nonEmpty
    let isKnown = mount.problem.isEmpty
    sizeBytes = isKnown ? mount.sizeBytes : nil
    usedBytes = isKnown ? mount.usedBytes : nil
    availableBytes = isKnown ? mount.availableBytes : nil
    inodes = isKnown ? mount.inodes : nil
    inodesUsed = isKnown ? mount.inodesUsed : nil
  }
}

/// One thing that a collector looked at.
struct SelfCheckDocument: Encodable {
  let subject: String
  let state: String
  let detail: String?
  let readUs: UInt64
  let series: UInt32?

  init(_ line: SelfCheckLine) {
    subject = line.subject
    state = line.state
    detail = line.detail.nonEmpty
    readUs = line.readMicroseconds
    series = line.series > 0 ? line.series : nil
  }
}

/// A file of a host's diagnostics; its text if it is one.
struct DiagnosticsDocument: Encodable {
  let name: String
  let bytes: Int
  let content: String?

  init(_ part: DiagnosticsPart) {
    name = part.name
    bytes = part.content.count
    content = String(validating: part.content, as: UTF8.self)
  }
}

/// How a run ended, on the last line.
struct RunSummaryDocument: Encodable {
  let runId: String
  let summary: Counts

  struct Counts: Encodable {
    let total: Int
    let done: Int
    let outcomes: [String: Int]
    let cancelled: Bool
  }

  init(_ report: RunReport, cancelled: Bool) {
    runId = report.runID
    let outcomes = CommandOutcome.allCases.map { ($0.word.snakeCased, report.tally[$0]) }
    summary = Counts(
      total: report.tally.total, done: report.tally.done,
      outcomes: Dictionary(uniqueKeysWithValues: outcomes.filter { $0.1 > 0 }), cancelled: cancelled)
  }
}
