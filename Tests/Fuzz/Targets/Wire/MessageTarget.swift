import GRPC

@testable import Wire

/// Any bytes for any message: refused with a sentence, or read; and what is read says the same again when it is
/// written.
///
///     input ── first byte: which message; its bytes
enum MessageTarget {
  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    let kind = script.pick(MessageKind.all)
    let bytes = script.remainder()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    kind.check(UnsafeRawBufferPointer(memory))
  }
}

/// A message's type, forgotten: how to check it, and what it may look like.
struct MessageKind {
  let check: (UnsafeRawBufferPointer) -> Void
  let examples: [[UInt8]]

  init<M: GRPCMessage & Equatable>(_ examples: M...) { self.init(examples) }

  init<M: GRPCMessage & Equatable>(_ examples: [M]) {
    check = { Self.check(M.self, $0) }
    self.examples = examples.map { Self.written($0) }
  }

  private static func check<M: GRPCMessage & Equatable>(_: M.Type, _ bytes: UnsafeRawBufferPointer) {
    do throws(Status) {
      let message = try M(decoding: bytes)
      let bytesAgain = written(message)
      let isShorter = bytesAgain.count < bytes.count
      guard let again = read(M.self, bytesAgain, of: message, isShorter: isShorter) else { return }
      require(written(again) == bytesAgain, "\(message) is written in two ways")
      // A NaN is not equal to itself; then it is the bytes alone that tell.
      let holdsNaN = try M(decoding: bytes) != message
      require(holdsNaN || again == message, "\(message) comes back as \(again)")
    } catch {
      require(error.code == .invalidArgument && !error.message.isEmpty, "\(M.self) is refused with \(error)")
    }
  }

  private static func written(_ message: some GRPCMessage) -> [UInt8] {
    var bytes: [UInt8] = []
    message.encode(into: &bytes)
    return bytes
  }

  /// Nil when the message takes too much memory for its size, now that it has lost fields that are not known here.
  private static func read<M: GRPCMessage>(
    _: M.Type, _ bytes: [UInt8], of message: M, isShorter: Bool
  ) -> M? {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    do throws(Status) {
      return try M(decoding: UnsafeRawBufferPointer(memory))
    } catch {
      if isShorter, error.message.contains("times its size in memory") { return nil }
      fatalError("\(message), which was read and written, can't be read again: \(error)")
    }
  }
}
