import ProcFS

/// One kernel file and the series made of it.
///
/// A source reads and understands its file wholly before it sets the first value, so that after an error
/// nothing of it is present.
protocol Source {
  /// Reads the file and sets the values of this pass. `now` is the sampler's clock in nanoseconds.
  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError)

  /// Forgets the ids of series: the table starts over.
  mutating func forgetSeries()

  /// Takes other filters. A source that one of them concerns forgets the ids of its series.
  mutating func refilter(_ filters: FilterSettings)

  /// Waits for what the last pass did not wait for, `nanoseconds` at most: the next pass has it.
  mutating func awaitAnswers(nanoseconds: Int64)
}

extension Source {
  /// Most sources leave nothing out.
  mutating func refilter(_ filters: FilterSettings) {}

  /// Most sources have it all at once.
  mutating func awaitAnswers(nanoseconds: Int64) {}
}
