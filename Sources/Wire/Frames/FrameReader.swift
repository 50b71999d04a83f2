internal import CProtobufC
internal import GRPC

/// Reads packed frames against a `SeriesTable`. A frame that is refused leaves the table as it was:
/// everything is checked while the changes are listed, and only then committed.
///
/// In the steady state a frame allocates nothing: arena and changes have grown to their size.
final class FrameReader {
  typealias Change = DecodedFrame.Change
  typealias Frame = Muster__V1__MetricsFrame

  private(set) var table = SeriesTable()
  private let arena = Arena()
  private let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  private var changes = UnsafeMutableBufferPointer<Change>.allocate(capacity: 64)

  init() {
    var frame = Frame()
    muster__v1__metrics_frame__init(&frame)
    descriptor = frame.base.descriptor
  }

  deinit { changes.deallocate() }

  /// Unpacks a frame; it is valid until `release`.
  func unpack(_ bytes: UnsafeRawBufferPointer) throws(Status) -> UnsafePointer<Frame> {
    let frame = UnsafeRawPointer(try arena.unpackMessage(descriptor, bytes)).assumingMemoryBound(
      to: Frame.self)
    if frame.pointee.sequence == 0 {
      throw Status(.invalidArgument, "a frame without a sequence; the first of an epoch has sequence 1")
    }
    return frame
  }

  /// Ends the use of an unpacked frame and of the changes listed from it.
  func release() { arena.reset() }

  /// Checks a frame against the table and advances the table by it. The changes are valid until the next
  /// call.
  func apply(_ frame: UnsafePointer<Frame>) throws(Status) -> UnsafeBufferPointer<Change> {
    let described = table.count
    do throws(Status) {
      for series in UnsafeBufferPointer(start: frame.pointee.new_series, count: frame.pointee.n_new_series) {
        table.describe(try ValueType(series!.pointee.type))
      }
      let count = try table.countChanges(frame.pointee)
      let room = room(count)
      try table.listChanges(frame.pointee, into: room)
      let listed = UnsafeBufferPointer(start: room, count: count)
      table.commit(listed, gone: try table.checkGone(frame.pointee, besides: listed))
      return listed
    } catch {
      table.undescribe(to: described)
      throw error
    }
  }

  /// The table as a frame would make it; the reader's stays as it is.
  func preview(_ frame: UnsafePointer<Frame>) throws(Status) -> SeriesTable {
    let before = table
    defer { table = before }
    _ = try apply(frame)
    return table
  }

  private func room(_ count: Int) -> UnsafeMutablePointer<Change> {
    if count > changes.count {
      changes.deallocate()
      changes = .allocate(capacity: count)
    }
    return changes.baseAddress!
  }
}
