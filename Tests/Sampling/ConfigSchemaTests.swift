import Collector
import ProcFS
import Testing
import Wire

@Suite struct ConfigSchemaTests {
  @Test func configKnowsTheSourcesThatThereAre() {
    let sampler = Sampler(root: ProcRoot(path: "/nowhere"), calls: SamplingFixture.calls) { 0 }
    #expect(sampler.statuses.map(\.name) == ConfigSchema.sourceNames)
  }
}
