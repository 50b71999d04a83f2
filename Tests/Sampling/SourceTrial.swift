import ProcFS

@testable import Sampling

/// One source by itself, on files and calls of one's own.
final class SourceTrial {
  /// What the last reading threw.
  private(set) var error: KernelError?
  private(set) var table: SampleTable
  private var source: any Source
  private var buffer = ReadBuffer()
  private let clock: TestClock

  /// A source of the catalogue.
  init(
    _ name: String, root: ProcRoot, calls: KernelCalls = SamplingFixture.calls,
    clock: TestClock = TestClock(),
    maximumSeries: Int = SampleTable.defaultMaximumSeries
  ) throws {
    guard let kind = SourceCatalogue.byName[name] else { throw Unknown(name: name) }
    let context = SourceContext(
      root: root, filters: FilterSettings(), calls: calls, clock: { clock.now })
    source = kind.make(context)
    self.clock = clock
    table = SampleTable(maximumSeries: maximumSeries)
  }

  /// The same, of the files of a tree, which must live on.
  convenience init(
    _ name: String, _ tree: TestTree, calls: KernelCalls = SamplingFixture.calls,
    clock: TestClock = TestClock()
  ) throws {
    try self.init(name, root: tree.root, calls: calls, clock: clock)
  }

  /// A source that is not in the catalogue.
  init(_ source: any Source, clock: TestClock = TestClock(), maximumSeries: Int = 1000) {
    self.source = source
    self.clock = clock
    table = SampleTable(maximumSeries: maximumSeries)
  }

  struct Unknown: Error {
    let name: String
  }

  /// Reads it, and tells what is present then.
  @discardableResult
  func sample() -> [String: Double] {
    table.begin()
    error = nil
    do {
      try source.sample(into: &table, reading: &buffer, at: clock.now)
    } catch {
      self.error = error
    }
    return table.shown
  }

  /// As the sampler does when the table starts over.
  func startOver() {
    table.removeAll()
    source.forgetSeries()
  }

  /// `ok`, or how the last reading failed.
  var availability: String { error.map { Availability($0).word } ?? "ok" }
}
