import Wire

extension HostInfo {
  /// The vitals, all unknown if the host has none.
  var figures: Vitals { vitals ?? Vitals() }
}

extension HostState {
  /// The state as it is shown and filtered by.
  var word: String {
    switch self {
    case .online: "online"
    case .stale: "stale"
    case .offline: "offline"
    case .stopped: "stopped"
    case .unknown: "unknown"
    }
  }
}
