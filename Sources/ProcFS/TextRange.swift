/// A piece of the text that was parsed: parsers name things by where they stand, and copy nothing.
public struct TextRange: Hashable, Sendable {
  /// Where it starts, in bytes from the start of the text.
  public let offset: Int
  /// How many bytes it has.
  public let count: Int

  /// A piece of `count` bytes at `offset`.
  @inlinable
  public init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }

  /// The piece of `text`, which must be what was parsed.
  @inlinable
  public func bytes(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: text[offset..<offset + count])
  }

  /// The piece as a string; what is not UTF-8 in it is repaired.
  @inlinable
  public func string(in text: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes(in: text), as: UTF8.self)
  }
}
