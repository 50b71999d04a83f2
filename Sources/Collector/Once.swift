import Sampling

/// `--once`: what is sampled here, as Prometheus text. Needs no aggregator and no state directory.
enum Once {
  /// How long file systems and devices that do not answer at once are waited for.
  private static let waitNanoseconds: Int64 = 1_000_000_000

  static func run(_ settings: CollectorSettings) -> Int32 {
    var table = SampleTable()
    _ = sample(settings, into: &table)
    var text: [UInt8] = []
    PrometheusText.write(table, into: &text)
    return Output.write(text)
  }

  /// Everything that can be read here; the sampler says how its sources did.
  static func sample(_ settings: CollectorSettings, into table: inout SampleTable) -> Sampler {
    let sampler = Startup.sampler(settings)
    sampler.apply(EffectiveSettings(settings).sampling, to: &table)
    // The first pass asks file systems and devices, the second has their answers.
    sampler.sample(into: &table)
    sampler.await(nanoseconds: waitNanoseconds)
    sampler.sample(into: &table)
    return sampler
  }
}
