/// A connected socket's two streams of payload: plain, or inside TLS.
protocol ByteChannel: AnyObject {
  var descriptor: Int32 { get }
  /// Payload that has arrived inside and that `poll` will not announce.
  var hasBufferedInput: Bool { get }
  func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome
  /// After `.blocked` the same bytes are offered again, possibly with more behind them.
  func write(_ bytes: UnsafeRawBufferPointer) -> WriteOutcome
  /// Says goodbye and ends this side's half: best effort, once.
  func finishWriting()
}

/// Which way a channel has to wait for: TLS may have to write in order to read.
enum Wait {
  case readable, writable
}

enum ReadOutcome {
  case bytes(Int)
  case blocked(Wait)
  case endOfStream
  case failed(LinkError)
}

enum WriteOutcome {
  case bytes(Int)
  case blocked(Wait)
  case failed(LinkError)
}

/// Payload straight on the socket.
final class PlainChannel: ByteChannel {
  private let socket: Socket

  init(_ socket: Socket) { self.socket = socket }

  var descriptor: Int32 { socket.descriptor }
  var hasBufferedInput: Bool { false }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    do {
      let count = try socket.receive(into: buffer)
      return count == 0 ? .endOfStream : .bytes(count)
    } catch {
      return error.isBlocked ? .blocked(.readable) : .failed(LinkError(.connectionLost, error))
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> WriteOutcome {
    do {
      return .bytes(try socket.send(bytes))
    } catch {
      return error.isBlocked ? .blocked(.writable) : .failed(LinkError(.connectionLost, error))
    }
  }

  func finishWriting() { socket.finishSending() }
}
