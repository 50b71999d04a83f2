import Wire

extension Action {
  /// What is asked for in one line, for the audit log: `top-processes count=10 order=memory`.
  var detail: String {
    ([kind.rawValue] + arguments.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }

  private var arguments: [(name: String, value: String)] {
    switch self {
    case .ping, .diskUsage, .reload, .selfCheck, .diagnostics, .reconnect, .shutdown: []
    case .sampleNow(let pattern): pattern.isEmpty ? [] : [("pattern", pattern)]
    case .topProcesses(let top):
      [("count", "\(top.count)"), ("order", "\(top.order)"), ("window_ms", "\(top.windowMilliseconds)")]
        .filter { $0.1 != "0" }
    case .setResolution(let resolution):
      [
        ("interval_ms", "\(resolution.intervalMilliseconds)"),
        ("lease_ms", "\(resolution.leaseMilliseconds)"),
      ]
    case .recorder(let last): last == 0 ? [] : [("last_ms", "\(last)")]
    case .logLevel(let level):
      [
        ("level", level.level.isEmpty ? "configured" : level.level),
        ("lease_ms", "\(level.leaseMilliseconds)"),
      ]
    case .planConfig(let config): [("config_bytes", "\(config.count)")]
    }
  }
}
