import GRPC
import Wire

/// A host's connection, and what the host says over it. None of it outlives a restart.
struct HostLink: Sendable {
  /// Whether the control stream is open.
  var isAttached = false
  /// Whether its Watch is open.
  var isWatching = false
  /// When the control stream ended, or when the host became known.
  var awaySince: Instant
  /// Whether it ended on purpose.
  var saidGoodbye = false
  /// What was sent down the open Watch and not failed since.
  var offered: [UInt8]?
  /// The host's last word on a config.
  var status: ConfigStatus?
  /// What runs, by the host's word; nil: not heard yet.
  var running: [UInt8]?
  /// What the host said at its Watch that it is not to be sent again.
  var failed: Set<[UInt8]> = []
  /// The newest schema that the collector understands.
  var schema: UInt32 = 0

  /// Offers can reach it.
  var isReachable: Bool { isAttached && isWatching }

  /// The config that the host has in hand and is not through with.
  var working: [UInt8]? {
    guard let status, status.state.isInProgress, !status.sha256.isEmpty else { return nil }
    return status.sha256
  }

  /// Whether the host applied the config and waits to hear that it is kept.
  func awaitsConfirm(of sha256: [UInt8]) -> Bool {
    status?.state == .applied && status?.sha256 == sha256
  }
}

extension ConfigState {
  /// The host works on it. VERIFIED is the aggregator's word: from a host it means no more than APPLIED.
  var isInProgress: Bool {
    switch self {
    case .received, .validated, .applying, .applied, .verified: true
    case .unknown, .offered, .failed, .refused, .rolledBack: false
    }
  }

  /// The host is through with it, and does not run it.
  var isFailure: Bool { self == .failed || self == .refused || self == .rolledBack }
}
