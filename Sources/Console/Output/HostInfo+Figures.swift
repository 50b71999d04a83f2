import Wire

extension HostInfo {
  /// The vitals, all unknown if the host has none.
  var figures: Vitals { vitals ?? Vitals() }

  /// What the host is known by in a view. One that is expected and was never seen has no id.
  var key: String { hostID.isEmpty ? Self.expectedKey(instance) : hostID }

  /// The key of an expected host of this name; no id looks like it.
  static func expectedKey(_ instance: String) -> String { "expected:" + instance }

  /// The host's labels as `name=value`: its own, then those that config gives it. Its own win.
  var labelTexts: [String] {
    let own = Set(labels.map(\.name))
    return (labels + configLabels.filter { !own.contains($0.name) }).map { "\($0.name)=\($0.value)" }
  }

  /// `v12 verified`; `-` if no config is meant for the host.
  var configText: String {
    guard hasConfig else { return "-" }
    let state = configState == .unknown ? "" : " " + configState.word
    return configVersion > 0 ? "v\(configVersion)\(state)" : "local file" + state
  }
}

extension HostState {
  /// The state as it is shown and filtered by.
  var word: String {
    switch self {
    case .online: "online"
    case .stale: "stale"
    case .offline: "offline"
    case .stopped: "stopped"
    case .retired: "retired"
    case .expected: "expected"
    case .unknown: "unknown"
    }
  }
}
