/// Hashes of merged configs that are offered to nobody, the oldest first, at most
/// `SteeringLimits.quarantinedConfigs`.
struct QuarantineList: Sendable {
  private(set) var configs: [QuarantinedConfig]
  private var reasons: [[UInt8]: String]

  init(_ configs: [QuarantinedConfig]) {
    self.configs = configs
    reasons = Dictionary(configs.map { ($0.sha256, $0.reason) }) { _, newer in newer }
  }

  /// Why the config is offered to nobody; nil: it may be.
  func reason(_ sha256: [UInt8]) -> String? { reasons[sha256] }

  /// Adds a config; answers with what there is to remember: nothing if it was there.
  mutating func add(_ sha256: [UInt8], _ reason: String) -> [SteeringChange] {
    guard reasons[sha256] == nil else { return [] }
    reasons[sha256] = reason
    configs.append(QuarantinedConfig(sha256: sha256, reason: reason))
    var changes = [SteeringChange.quarantinedConfig(sha256: sha256, reason: reason)]
    if configs.count > SteeringLimits.quarantinedConfigs {
      let oldest = configs.removeFirst()
      reasons[oldest.sha256] = nil
      changes.append(.quarantinedConfigForgotten(sha256: oldest.sha256))
    }
    return changes
  }
}
