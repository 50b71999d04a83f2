internal import CProtobufC

/// The memory of one message at a time: protobuf-c unpacks into it, or a message's C structs are built
/// in it for packing. Taking memory moves a pointer; it is given back all at once by `reset` or `deinit`.
///
///     block   ┌──────────┬──────┬─────────────┬──────┬──────────┬─ ─ ─ ─ ─┐
///             │ previous │ size │ bytes …     │ size │ bytes …  │  free   │
///             └──────────┴──────┴─────────────┴──────┴──────────┴─ ─ ─ ─ ─┘
///
/// The size in front of each piece tells the length of an unpacked string, which protobuf-c does not
/// keep, so that a NUL inside it is noticed. A full block is followed by another, up to `blockLimit` twice as
/// large, or as large as the piece that did not fit.
///
/// Unpacking is bounded: a message takes at most `expansionLimit` times its size and `allowance` bytes,
/// however it is built. (The worst are empty messages in a list: 2 bytes become a struct.)
final class Arena {
  /// Bytes of memory per byte of message, at most. The dictionary with the shortest names needs 25.
  static let expansionLimit = 48
  /// Bytes of memory that even the smallest message may take.
  static let allowance = 4096
  /// Bytes kept for the next message when an arena is reset.
  static let retainedBytes = 16 << 10

  private static let headerBytes = 16
  private static let firstBlockBytes = 2048
  private static let blockLimit = 256 << 10

  /// What the callbacks of protobuf-c see. They must not touch an object, hence a struct on the heap.
  private struct State {
    var block: UnsafeMutableRawPointer?
    var blockBytes = 0
    var used = 0
    /// Bytes taken since the last reset, in all blocks.
    var taken = 0
    var budget = Int.max

    mutating func take(_ size: Int) -> UnsafeMutableRawPointer? {
      guard size >= 0, size <= budget else {
        budget = -1
        return nil
      }
      let total = 8 + (size + 7) & ~7
      if used + total > blockBytes { addBlock(total) }
      guard let block else { return nil }
      let piece = block + used
      piece.storeBytes(of: size, as: Int.self)
      used += total
      taken += total
      budget -= total
      return piece + 8
    }

    mutating func addBlock(_ needed: Int) {
      let grown = max(Arena.firstBlockBytes, min(blockBytes * 2, Arena.blockLimit))
      let size = max(Arena.headerBytes + needed, grown)
      let next = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      next.storeBytes(of: block, as: UnsafeMutableRawPointer?.self)
      (block, blockBytes, used) = (next, size, Arena.headerBytes)
    }

    /// Keeps the newest block, unless it is larger than what may be kept.
    mutating func reset() {
      if let kept = block, blockBytes <= Arena.retainedBytes {
        free(kept.load(as: UnsafeMutableRawPointer?.self))
        kept.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
      } else {
        free(block)
        (block, blockBytes) = (nil, 0)
      }
      (used, taken) = (Arena.headerBytes, 0)
    }

    private func free(_ first: UnsafeMutableRawPointer?) {
      var next = first
      while let block = next {
        next = block.load(as: UnsafeMutableRawPointer?.self)
        block.deallocate()
      }
    }
  }

  private let state: UnsafeMutablePointer<State>
  private let allocator: UnsafeMutablePointer<ProtobufCAllocator>

  init() {
    state = .allocate(capacity: 1)
    state.initialize(to: State())
    allocator = .allocate(capacity: 1)
    allocator.initialize(
      to: ProtobufCAllocator(
        alloc: { $0?.assumingMemoryBound(to: State.self).pointee.take($1) },
        free: { _, _ in },
        allocator_data: state))
  }

  deinit {
    state.pointee.blockBytes = .max  // nothing is kept
    state.pointee.reset()
    state.deallocate()
    allocator.deallocate()
  }

  /// Gives everything back; pointers into the arena are void.
  func reset() { state.pointee.reset() }

  /// Bytes taken since the last reset.
  var taken: Int { state.pointee.taken }

  /// Memory for `count` values, not initialised. Only for what we build ourselves: it has no bound.
  func take<T>(_ type: T.Type, count: Int = 1) -> UnsafeMutablePointer<T> {
    state.pointee.budget = .max
    guard let piece = state.pointee.take(count * MemoryLayout<T>.stride) else {
      preconditionFailure("more memory than a machine has was asked for")
    }
    return piece.bindMemory(to: type, capacity: count)
  }

  /// What became of an attempt to unpack.
  enum Unpacked {
    case message(UnsafeMutablePointer<ProtobufCMessage>)
    case malformed
    /// The message would take more memory than it may.
    case excessive
  }

  /// Unpacks a message into this arena.
  func unpack(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: UnsafeRawBufferPointer)
    -> Unpacked
  {
    state.pointee.budget = bytes.count * Arena.expansionLimit + Arena.allowance
    let message = protobuf_c_message_unpack(
      descriptor, allocator, bytes.count, bytes.bindMemory(to: UInt8.self).baseAddress)
    if let message { return .message(message) }
    return state.pointee.budget < 0 ? .excessive : .malformed
  }

  /// The length in bytes of a string that was unpacked into an arena, by the size in front of it.
  static func length(of text: UnsafeMutablePointer<CChar>) -> Int {
    (UnsafeRawPointer(text) - 8).load(as: Int.self) - 1
  }
}
