import GRPC
import Glibc
import ProcFS
import Sampling
import Wire

/// `self-check`: how the parts of the collector do, a line each, and what to do about what does not work.
final class SelfCheckJob: CommandJob {
  /// Stuck mounts that get a line.
  static let maximumMounts = 100
  /// A clock that is off by more is worth a warning: 1 s.
  static let clockToleranceMicroseconds: Int64 = 1_000_000
  /// Less room for the state folder is worth one: 1 MiB.
  static let stateBytes: Int64 = 1 << 20

  private let environment: any CommandEnvironment
  private var isSaid = false

  init(environment: any CommandEnvironment) {
    self.environment = environment
  }

  func step(at now: Moment) -> CommandStep {
    guard !isSaid else { return .done }
    isSaid = true
    let view = HostView(root: environment.root, filters: environment.filters)
    let lines =
      environment.sourceStatuses.map(view.line) + view.mountLines + stuckMounts
      + [series, stateFolder, clock, configuration, budget, recorder]
    return .output(.selfCheck(SelfCheckReport(lines: lines)))
  }

  private var stuckMounts: [SelfCheckLine] {
    let now = environment.clock()
    return environment.stuckMounts.prefix(Self.maximumMounts).map { mount in
      let seconds = max(now - mount.sinceNanoseconds, 0) / 1_000_000_000
      return SelfCheckLine(
        subject: "mount \(SecretMask.printable(mount.point.utf8))", state: "stuck",
        detail: "has not answered for \(seconds) s; is the server it lies on there?")
    }
  }

  private var series: SelfCheckLine {
    let standing = environment.seriesStanding
    let detail = "\(standing.count) of \(standing.maximum)"
    guard standing.refused > 0 else { return SelfCheckLine(subject: "series", state: "ok", detail: detail) }
    return SelfCheckLine(
      subject: "series", state: "warning",
      detail: "\(detail), \(standing.refused) were refused; filters, or sources switched off, make room")
  }

  private var stateFolder: SelfCheckLine {
    let path = environment.stateDirectory
    var line = SelfCheckLine(subject: "state folder", state: "ok", detail: path)
    if access(path, W_OK | X_OK) != 0 {
      let reason = String(cString: strerror(errno))
      line.state = "failing"
      line.detail = "\(path) cannot be written: \(reason); a config that is pushed is lost with a restart"
    } else if case .success(let usage) = FilesystemUsage.read(at: path),
      usage.availableBlocks.multipliedReportingOverflow(by: usage.blockSize).partialValue < Self.stateBytes
    {
      line.state = "warning"
      line.detail = "\(path) has less than \(Self.stateBytes >> 20) MiB left; make room"
    }
    return line
  }

  private var clock: SelfCheckLine {
    guard let offset = environment.clockOffsetMicroseconds else {
      return SelfCheckLine(subject: "clock", state: "ok", detail: "not compared with the aggregator's yet")
    }
    // Of the wire's range, not of anything sensible.
    let milliseconds = offset / 1000
    let isOff = offset.magnitude > UInt64(Self.clockToleranceMicroseconds)
    return SelfCheckLine(
      subject: "clock", state: isOff ? "warning" : "ok",
      detail: "the aggregator's is \(milliseconds.magnitude) ms \(milliseconds < 0 ? "behind" : "ahead")"
        + (isOff ? "; set one of them, as NTP does" : ""))
  }

  private var configuration: SelfCheckLine {
    let status = environment.configStatus
    guard status.state != .unknown else {
      return SelfCheckLine(subject: "configuration", state: "ok", detail: "the local file alone")
    }
    let isBad = [ConfigState.failed, .refused, .rolledBack].contains(status.state)
    let problems = status.problems.map { "\($0.key): \($0.message)" }
    let reasons = (status.reason.isEmpty ? [] : [status.reason]) + problems
    let version = status.version > 0 ? "version \(status.version)" : "a config"
    return SelfCheckLine(
      subject: "configuration", state: isBad ? "warning" : "ok",
      detail: (["\(version) is \(status.state.phrase)"] + reasons).joined(separator: "; "))
  }

  private var budget: SelfCheckLine {
    let standing = environment.budget
    return SelfCheckLine(
      subject: "budget", state: standing.level > 0 ? "warning" : "ok", detail: standing.detail)
  }

  private var recorder: SelfCheckLine {
    let recorder = environment.recorder
    guard recorder.isOn else {
      return SelfCheckLine(subject: "recorder", state: "ok", detail: "switched off")
    }
    return SelfCheckLine(
      subject: "recorder", state: "ok",
      detail: "\(recorder.frames.count) s and the processes of \(recorder.minutes.lists.count) min "
        + "in \(recorder.byteCount >> 10) KiB")
  }
}

extension ConfigState {
  /// For a sentence: "version 7 is …".
  var phrase: String {
    switch self {
    case .unknown: "unknown"
    case .offered: "offered"
    case .received: "received"
    case .validated: "found valid"
    case .applying: "being applied"
    case .applied: "in force, not confirmed yet"
    case .verified: "in force"
    case .failed: "failed"
    case .refused: "refused"
    case .rolledBack: "taken back"
    }
  }
}
