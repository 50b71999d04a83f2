import Sampling
import Testing
import Wire

@Suite struct ConfigSchemaTests {
  @Test func configKnowsTheSourcesThatThereAre() {
    #expect(SourceCatalogue.all.map(\.name).sorted() == ConfigSchema.sourceNames.sorted())
  }
}
