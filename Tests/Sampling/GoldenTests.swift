import Glibc
import ProcFS
import Testing

@testable import Sampling

/// What `--once` prints for each captured machine, compared with the file `once.prom` beside it. With
/// UPDATE_GOLDEN=1 in the environment the files are written instead.
@Suite struct GoldenTests {
  @Test(arguments: SamplingFixture.machines)
  func once(_ machine: String) {
    let path = SamplingFixture.path(machine)
    let clock = TestClock()
    let sampler = Sampler(root: ProcRoot(path: path), calls: SamplingFixture.calls) { clock.now }
    var table = SampleTable()
    sampler.sample(into: &table)
    sampler.await(nanoseconds: 10_000_000_000)
    sampler.sample(into: &table)
    var text: [UInt8] = []
    PrometheusText.write(table, into: &text)

    if getenv("UPDATE_GOLDEN") != nil {
      let file = open(path + "/once.prom", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
      #expect(write(file, text, text.count) == text.count)
      close(file)
      return
    }
    var buffer = ReadBuffer()
    let golden = try? KernelFile("once.prom", of: ProcRoot(path: path)).read(into: &buffer)
    let expected = golden.map { String(decoding: $0, as: UTF8.self) } ?? ""
    // Lines, so that a difference is readable.
    #expect(
      String(decoding: text, as: UTF8.self).split(separator: "\n") == expected.split(separator: "\n"))
  }
}
