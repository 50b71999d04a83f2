@testable import GRPC

/// Messages cut out of a stream that arrives in any pieces, against a reader that has it whole.
///
///     input ── first byte: settings; second: how many bytes say where to cut; those; the stream
enum DeframerTarget {
  private static let messageBytesMaximum = 300

  /// What a stream comes to.
  private struct Reading: Equatable {
    struct Message: Equatable {
      var isCompressed: Bool
      var bytes: [UInt8]
    }

    var messages: [Message] = []
    /// The code that reading ended with; nil: all bytes were read.
    var refusal: StatusCode?
    var isInsideMessage = false
  }

  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    let allowsCompression = script.byte() & 1 != 0
    let cuts = script.bytes(Int(script.byte()))
    let stream = script.remainder()
    let expected = model(stream, allowsCompression)
    let read = read(stream, cuts, allowsCompression)
    require(read == expected, "read \(read) of what is \(expected)")
  }

  /// The format as `MessageFraming` draws it.
  private static func model(_ stream: [UInt8], _ allowsCompression: Bool) -> Reading {
    var reading = Reading()
    var rest = stream[...]
    while !rest.isEmpty {
      guard rest.count >= 5 else {
        reading.isInsideMessage = true
        return reading
      }
      let flag = rest.removeFirst()
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard flag == 0 || flag == 1 && allowsCompression else {
        reading.refusal = .internalError
        return reading
      }
      guard length <= messageBytesMaximum else {
        reading.refusal = .resourceExhausted
        return reading
      }
      guard rest.count >= length else {
        reading.isInsideMessage = true
        return reading
      }
      reading.messages.append(Reading.Message(isCompressed: flag == 1, bytes: Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return reading
  }

  private static func read(_ stream: [UInt8], _ cuts: [UInt8], _ allowsCompression: Bool) -> Reading {
    var deframer = MessageDeframer(messageBytesMaximum: messageBytesMaximum)
    deframer.allowsCompression = allowsCompression
    var reading = Reading()
    var rest = stream[...]
    var cut = 0
    do throws(Status) {
      while !rest.isEmpty {
        let piece = Array(rest.prefix(cut < cuts.count ? Int(cuts[cut]) : .max))
        cut += 1
        rest = rest.dropFirst(piece.count)
        try take(piece, &deframer, &reading)
      }
      reading.isInsideMessage = deframer.isInsideMessage
    } catch {
      reading.refusal = error.code
    }
    return reading
  }

  private static func take(
    _ piece: [UInt8], _ deframer: inout MessageDeframer, _ reading: inout Reading
  ) throws(Status) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: piece)
    var chunk = UnsafeRawBufferPointer(memory)
    while let message = try deframer.next(&chunk) {
      reading.messages.append(Reading.Message(isCompressed: deframer.isCompressed, bytes: Array(message)))
    }
    require(chunk.isEmpty, "\(chunk.count) bytes are left over")
  }
}
