import GRPC
import ProcFS
import Sampling
import Wire

/// `diagnostics`: what somebody who is to help wants to see, a file each. No contents of key files, no tokens,
/// and of everything else what looks like a secret masked.
final class DiagnosticsJob: CommandJob {
  private let environment: any CommandEnvironment
  private var next = 0

  init(environment: any CommandEnvironment) {
    self.environment = environment
  }

  func step(at now: Moment) -> CommandStep {
    guard next < Self.files.count else { return .done }
    let file = Self.files[next]
    next += 1
    return .output(
      .diagnostics(DiagnosticsPart(name: file.name, content: Array(file.text(environment).utf8))))
  }

  private static let files: [(name: String, text: @Sendable (any CommandEnvironment) -> String)] = [
    ("settings.yaml", { pairs($0.settings) }),
    ("config.yaml", { $0.config.isEmpty ? "# none but the local settings\n" : pairs($0.config) }),
    ("config-status.yaml", { pairs(status($0.configStatus)) }),
    ("state.yaml", { pairs($0.state) }),
    ("counters.txt", { $0.counters.map { "\($0.name) \($0.value)\n" }.joined() }),
    ("sources.txt", { sources($0) }),
    ("log.txt", { $0.recentLogLines.map { SecretMask.text($0) + "\n" }.joined() }),
    ("process-status.txt", { ownStatus($0.root) }),
  ]

  /// `key: value`, a line each. The value of a key that speaks of a secret is one, unless it is a path.
  private static func pairs(_ facts: [CommandFact]) -> String {
    facts.map { "\($0.name): \(masked($0))\n" }.joined()
  }

  private static func masked(_ fact: CommandFact) -> String {
    if fact.value.hasPrefix("/") || !SecretNames.speakOfSecret(fact.name.utf8) {
      return SecretMask.text(fact.value)
    }
    return fact.value.isEmpty ? "" : String(decoding: SecretMask.mark, as: UTF8.self)
  }

  private static func status(_ status: ConfigStatus) -> [CommandFact] {
    [
      CommandFact("state", status.state.phrase), CommandFact("version", status.version),
      CommandFact("sha256", Hexadecimal.text(status.sha256)),
      CommandFact("running_sha256", Hexadecimal.text(status.runningSHA256)),
      CommandFact("reason", status.reason),
    ] + status.problems.map { CommandFact("problem \($0.key)", $0.message) }
  }

  private static func sources(_ environment: any CommandEnvironment) -> String {
    let view = HostView(root: environment.root, filters: environment.filters)
    return environment.sourceStatuses.map { status in
      let line = view.line(of: status)
      return
        "\(line.subject) \(line.state) \(line.readMicroseconds) us \(line.series) series \(line.detail)\n"
    }.joined()
  }

  /// What the kernel says of this process.
  private static func ownStatus(_ root: ProcRoot) -> String {
    var buffer = ReadBuffer()
    do {
      return String(
        decoding: try KernelFile("proc/self/status", of: root).read(into: &buffer), as: UTF8.self)
    } catch {
      return "\(error)\n"
    }
  }
}
