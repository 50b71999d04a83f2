internal import GRPC

/// Reads packed frames against a `SeriesTable`. A frame that is refused leaves the table as it was:
/// everything is checked while the changes are listed, and only then committed.
///
/// In the steady state a frame allocates nothing: the lists have grown to their size.
final class FrameReader {
  typealias Change = DecodedFrame.Change

  private(set) var table = SeriesTable()
  private let lists: FrameLists
  /// Columns of the frame in use that came in pieces.
  private var pieces: Arena?

  init(listingIn lists: FrameLists = FrameLists()) {
    self.lists = lists
  }

  /// Finds the fields of a frame; they are valid until `release`, as long as its bytes are.
  func find(_ bytes: UnsafeRawBufferPointer) throws(Status) -> FrameFields {
    let fields = try FrameFields(bytes, joiningIn: &pieces)
    if fields.sequence == 0 {
      throw Status(.invalidArgument, "a frame without a sequence; the first of an epoch has sequence 1")
    }
    return fields
  }

  /// Ends the use of a frame.
  func release() {
    if pieces != nil { pieces = nil }
  }

  /// What a frame changed: valid until the next one is applied, by any reader that shares the lists.
  struct Applied {
    let changes: UnsafeBufferPointer<Change>
    let gone: UnsafeBufferPointer<UInt32>
  }

  /// Checks a frame against the table and advances the table by it. `newSeries` are those that it describes.
  func apply(_ fields: FrameFields, describing newSeries: [SeriesDescriptor]) throws(Status) -> Applied {
    for series in newSeries { table.describe(series.type) }
    do throws(Status) {
      let count = try table.countChanges(fields)
      lists.reserve(changes: count, gone: min(fields.gone.count, table.count))
      let changes = UnsafeMutableBufferPointer(rebasing: lists.changes[..<count])
      try table.listChanges(fields, into: changes)
      let applied = Applied(
        changes: UnsafeBufferPointer(changes),
        gone: try table.listGone(fields, besides: UnsafeBufferPointer(changes), into: lists.gone))
      table.commit(applied.changes, gone: applied.gone)
      return applied
    } catch {
      table.undescribe(to: table.count - newSeries.count)
      throw error
    }
  }

  /// The table as a frame would make it; the reader's stays as it is.
  func preview(_ fields: FrameFields, describing newSeries: [SeriesDescriptor]) throws(Status) -> SeriesTable
  {
    let before = table
    defer { table = before }
    _ = try apply(fields, describing: newSeries)
    return table
  }
}
