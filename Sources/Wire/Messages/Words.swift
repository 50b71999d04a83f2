// The words that people read for the wire's enums: on the terminal, in the audit log, in sentences.

extension CommandOutcome {
  /// The outcome as it is shown; also its name in JSON, with `_` for the blank.
  public var word: String {
    switch self {
    case .unknown: "unknown"
    case .ok: "ok"
    case .failed: "failed"
    case .refused: "refused"
    case .expired: "expired"
    case .cancelled: "cancelled"
    case .unsupported: "unsupported"
    case .timedOut: "timed out"
    case .lost: "lost"
    case .unreachable: "unreachable"
    }
  }
}

extension ConfigState {
  /// The state as it is shown; also its name in JSON, with `_` for the blank.
  public var word: String {
    switch self {
    case .unknown: "unknown"
    case .offered: "offered"
    case .received: "received"
    case .validated: "validated"
    case .applying: "applying"
    case .applied: "applied"
    case .verified: "verified"
    case .failed: "failed"
    case .refused: "refused"
    case .rolledBack: "rolled back"
    }
  }
}

extension RolloutState {
  /// The state as it is shown; also its name in JSON, with `_` for the blank.
  public var word: String {
    switch self {
    case .unknown: "unknown"
    case .rolling: "rolling"
    case .soaking: "soaking"
    case .paused: "paused"
    case .rollingBack: "rolling back"
    case .rolledBack: "rolled back"
    case .completed: "completed"
    }
  }
}

extension Role {
  /// The role as it is shown.
  public var word: String {
    switch self {
    case .unspecified: "-"
    case .view: "view"
    case .operate: "operate"
    case .administer: "administer"
    }
  }
}
