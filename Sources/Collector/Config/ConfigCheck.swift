import Settings
public import Wire

/// Whether a config may run on this host: by the schema, as at both ends of the wire, and by what the host's
/// own administrator allows.
public enum ConfigCheck {
  /// Everything that is wrong, as people are told; empty: nothing.
  public static func problems(
    _ config: CollectorConfig, on local: CollectorSettings
  ) -> [ConfigProblem] {
    let problems = config.problems()
    return problems.isEmpty ? intervals(config, local) : problems
  }

  /// Intervals as the two would come to together.
  private static func intervals(_ config: CollectorConfig, _ local: CollectorSettings) -> [ConfigProblem] {
    let effective = EffectiveSettings(local, config)
    var problems: [ConfigProblem] = []
    let minimum = local.remote.minimumInterval
    if config.intervalMilliseconds > 0, effective.interval < minimum {
      problems.append(
        ConfigProblem(
          key: "interval",
          message: "\(DurationText.text(effective.interval)) is shorter than this host allows: "
            + "remote.minimum_interval in its settings file is \(DurationText.text(minimum))"))
    }
    for source in config.sources where source.intervalMilliseconds > 0 {
      let interval = Duration.milliseconds(source.intervalMilliseconds)
      guard interval < effective.interval else { continue }
      // Both intervals of the config itself are the schema's business.
      guard config.intervalMilliseconds == 0 else { continue }
      problems.append(
        ConfigProblem(
          key: "sources.\(source.name)",
          message: "\(DurationText.text(interval)) is shorter than the interval of this host, which is "
            + "\(DurationText.text(effective.interval)); a source can only be read less often"))
    }
    return problems
  }
}
