import Sampling

/// `--once`: what is sampled here, as Prometheus text. Needs no aggregator and no state directory.
enum Once {
  /// How long file systems that do not answer at once are waited for.
  private static let mountWaitNanoseconds: Int64 = 1_000_000_000

  static func run(_ settings: CollectorSettings) -> Int32 {
    let sampler = Startup.sampler(settings)
    var table = SampleTable()
    sampler.apply(EffectiveSettings(settings).sampling, to: &table)
    // The first pass asks the file systems, the second has their answers.
    sampler.sample(into: &table)
    sampler.awaitMounts(nanoseconds: mountWaitNanoseconds)
    sampler.sample(into: &table)
    var text: [UInt8] = []
    PrometheusText.write(table, into: &text)
    return Output.write(text)
  }
}
