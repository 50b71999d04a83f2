/// The name of an action, as people write it, as settings forbid it and as a collector says that it knows it.
public enum CommandKind: String, Sendable, CaseIterable {
  /// `Action.ping`
  case ping = "ping"
  /// `Action.sampleNow`
  case sampleNow = "sample-now"
  /// `Action.topProcesses`
  case topProcesses = "top-processes"
  /// `Action.diskUsage`
  case diskUsage = "disk-usage"
  /// `Action.setResolution`
  case setResolution = "set-resolution"
  /// `Action.recorder`
  case recorder = "recorder"
  /// `Action.reload`
  case reload = "reload"
  /// `Action.logLevel`
  case logLevel = "log-level"
  /// `Action.selfCheck`
  case selfCheck = "self-check"
  /// `Action.diagnostics`
  case diagnostics = "diagnostics"
  /// `Action.reconnect`
  case reconnect = "reconnect"
  /// `Action.shutdown`
  case shutdown = "shutdown"
  /// `Action.planConfig`
  case planConfig = "plan-config"

  /// Who may give it.
  public var role: Role {
    switch self {
    case .ping, .sampleNow, .topProcesses, .diskUsage, .selfCheck, .recorder, .planConfig: .view
    case .setResolution, .reload, .logLevel, .diagnostics, .reconnect: .operate
    case .shutdown: .administer
    }
  }

  /// What it does, in one line.
  public var summary: String {
    switch self {
    case .ping: "answer at once"
    case .sampleNow: "take a sample now, and show its values"
    case .topProcesses: "show the processes that use the most"
    case .diskUsage: "show how full the file systems are"
    case .setResolution: "sample more or less often for a time"
    case .recorder: "hand over the last minutes at 1 s"
    case .reload: "read the local settings file again"
    case .logLevel: "log more or less for a time"
    case .selfCheck: "show what works on the host and what does not"
    case .diagnostics: "hand over what support asks for"
    case .reconnect: "leave the connection and make another"
    case .shutdown: "stop the collector"
    case .planConfig: "say what a config would do, without applying it"
    }
  }
}

extension Action {
  /// Its name.
  public var kind: CommandKind {
    switch self {
    case .ping: .ping
    case .sampleNow: .sampleNow
    case .topProcesses: .topProcesses
    case .diskUsage: .diskUsage
    case .setResolution: .setResolution
    case .recorder: .recorder
    case .reload: .reload
    case .logLevel: .logLevel
    case .selfCheck: .selfCheck
    case .diagnostics: .diagnostics
    case .reconnect: .reconnect
    case .shutdown: .shutdown
    case .planConfig: .planConfig
    }
  }
}
