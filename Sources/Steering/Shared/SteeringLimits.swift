/// How much steering keeps.
public enum SteeringLimits {
  /// Documents; beyond, the oldest that no layer and no rollout under way refers to is dropped.
  public static let documents = 1000
  /// Layers; a push that needs one more is refused.
  public static let layers = 500
  /// Documents that a layer had before.
  public static let layerHistory = 100
  /// Rollouts; beyond, the oldest that is over is dropped.
  public static let rollouts = 200
  /// Rollouts under way at once; one more is refused.
  public static let activeRollouts = 32
  /// Lines in the history of a rollout; beyond, the oldest after the first is dropped.
  public static let rolloutHistory = 64
  /// Waves of a rollout.
  public static let waves = 32
  /// Hashes of configs that are offered to nobody; beyond, the oldest is dropped.
  public static let quarantinedConfigs = 1000
  /// Configs that failed on one host; beyond, the oldest is dropped.
  public static let hostFailures = 32
  /// Merged configs kept for hosts with the same layers; beyond, they are merged anew.
  public static let mergedConfigs = 4096
  /// The longest YAML, in bytes.
  public static let documentBytes = 65536
  /// The longest author and the longest message, in bytes.
  public static let textBytes = 1024
  /// The longest reason that is kept of a host's words, in characters.
  public static let reasonCharacters = 300
  /// Hosts that a rollout names as standing in its way.
  public static let troubledHosts = 100
  /// Hosts that a note for the audit log names.
  public static let notedHosts = 1000
}
