internal import CNghttp2
import Glibc

/// Memory that a session needs only while it runs, shared by all sessions of one thread. Not Sendable: every session
/// made with it stays on that thread.
///
/// nghttp2 1.52 allocates 16 KiB with each session, into which it builds the frame that it sends next. A server's bytes
/// there are dead once `nghttp2_session_mem_send` was called again or the session rests, and `gather` copies them before
/// anything else runs; only the CONTINUATION frames of long headers live longer, in further buffers of their session's
/// own. With one each, ten thousand servers keep 40 MB resident for nothing. A client's holds its preface: not shared.
public final class SessionScratch {
  private static let frameBytesMinimum = 16 << 10
  /// An inbox that had to grow beyond this is not kept.
  private static let inboxEventsKept = 256

  /// Headers laid out for nghttp2.
  var headers = HeaderScratch()
  /// Frames gathered for the chunk of output that is handed out: empty but within `takeOutput`.
  var output: [UInt8] = []
  /// An empty inbox with room, unless a session has it: otherwise each input would cost an allocation.
  private var spareInbox: [HTTP2Event] = []
  private var frame: UnsafeMutableRawPointer?
  /// Whether a session is being made that has not got the frame's memory yet.
  private var isFrameOffered = false

  /// Memory for one thread's sessions; nothing is allocated yet.
  public init() {}

  deinit { free(frame) }

  /// Gives a session's empty inbox room.
  func lend(_ inbox: inout [HTTP2Event]) {
    if inbox.capacity < spareInbox.capacity { swap(&inbox, &spareInbox) }
  }

  /// Empties a session's inbox and takes its memory: a session that rests has none.
  func giveBack(_ inbox: inout [HTTP2Event]) {
    inbox.removeAll(keepingCapacity: inbox.capacity <= Self.inboxEventsKept)
    if spareInbox.capacity < inbox.capacity { swap(&inbox, &spareInbox) }
    inbox = []
  }

  /// Runs `make`, which makes one session with the functions it is given.
  func making<Result>(_ make: (inout nghttp2_mem) -> Result) -> Result {
    var memory = nghttp2_mem(
      mem_user_data: Unmanaged.passUnretained(self).toOpaque(),
      malloc: { size, _ in Glibc.malloc(size) },
      free: { pointer, context in if !owner(context).isFrame(pointer) { Glibc.free(pointer) } },
      calloc: { count, size, _ in Glibc.calloc(count, size) },
      // How nghttp2 allocates buffers, also at first.
      realloc: { pointer, size, context in owner(context).reallocate(pointer, size) })
    isFrameOffered = true
    defer { isFrameOffered = false }
    return make(&memory)
  }

  private func isFrame(_ pointer: UnsafeMutableRawPointer?) -> Bool { pointer != nil && pointer == frame }

  private func reallocate(_ pointer: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
    precondition(!isFrame(pointer), "nghttp2 resizes the buffer that its sessions share")
    guard pointer == nil, isFrameOffered, size >= Self.frameBytesMinimum else {
      return realloc(pointer, size)
    }
    isFrameOffered = false
    if frame == nil { frame = malloc(size) }
    return frame
  }
}

/// The scratch that nghttp2's memory functions belong to: kept by the session for as long as nghttp2's lives.
private func owner(_ context: UnsafeMutableRawPointer?) -> SessionScratch {
  guard let context else { fatalError("nghttp2 lost the context of its memory functions") }
  return Unmanaged<SessionScratch>.fromOpaque(context).takeUnretainedValue()
}
