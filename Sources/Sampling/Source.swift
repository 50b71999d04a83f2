import ProcFS
import Wire

/// One kernel file and the series made of it.
///
/// A source reads and understands its file wholly before it sets the first value, so that after an error
/// nothing of it is present. One that reads many files does so file by file (``PartialReading``): those that it could
/// read are shown beside the error.
protocol Source {
  /// Reads the file and sets the values of this pass. `now` is the sampler's clock in nanoseconds.
  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError)

  /// Forgets the ids of series: the table was compacted, or starts over. What the source counts or waits for stays as
  /// it is, and what has series keeps them.
  mutating func forgetSeries()

  /// Whether something was left out of the last sample because too much had series before, most of it gone by now:
  /// ``forgetSeries()`` makes room.
  var lacksRows: Bool { get }

  /// Takes other filters. A source that one of them concerns forgets the ids of its series.
  mutating func refilter(_ filters: FilterSettings)

  /// Waits for what the last pass did not wait for, `nanoseconds` at most: the next pass has it.
  mutating func awaitAnswers(nanoseconds: Int64)

  /// Of a source in the background: series of its last reading that the sampler's table refused, because another
  /// source has them, or it is full. `table` has the reading's values, and may be changed. Returns the failure that
  /// the reading is now, if this changes anything.
  mutating func wasRefused(_ series: [SeriesDescriptor], in table: inout SampleTable) -> KernelError?
}

extension Source {
  /// Most sources have room for all there is.
  var lacksRows: Bool { false }

  /// Most sources leave nothing out.
  mutating func refilter(_ filters: FilterSettings) {}

  /// Most sources have it all at once.
  mutating func awaitAnswers(nanoseconds: Int64) {}

  /// Most sources have names that nobody else has; the table counts what it refuses.
  mutating func wasRefused(_ series: [SeriesDescriptor], in table: inout SampleTable) -> KernelError? { nil }
}
