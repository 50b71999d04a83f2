import Dispatch
import Glibc

/// Key presses as they come, read by a thread of their own. Ends when the terminal is gone.
enum Keyboard {
  /// After an escape byte, how long the rest of its sequence may take.
  private static let sequenceWait: Int32 = 40
  /// Keys not yet taken; a stuck reader loses the newest presses rather than memory.
  private static let backlogLimit = 256

  static func keys(from descriptor: Int32 = STDIN_FILENO) -> AsyncStream<Key> {
    let (stream, feed) = AsyncStream.makeStream(
      of: Key.self, bufferingPolicy: .bufferingOldest(backlogLimit))
    let thread = DispatchQueue(label: "keyboard")
    thread.async {
      read(from: descriptor) { feed.yield($0) }
      feed.finish()
    }
    return stream
  }

  private static func read(from descriptor: Int32, _ press: (Key) -> Void) {
    var decoder = KeyDecoder()
    var buffer = [UInt8](repeating: 0, count: 256)
    while true {
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wait, 1, decoder.isWaiting ? sequenceWait : -1)
      if ready < 0 && errno == EINTR { continue }
      if ready == 0 {
        decoder.flush().forEach(press)
        continue
      }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard ready > 0, count > 0 else { return }
      decoder.decode(buffer[..<count]).forEach(press)
    }
  }
}

/// Signals of this process as a stream, their default action switched off.
enum Signals {
  static func stream(_ signals: [Int32]) -> AsyncStream<Int32> {
    // A signal tells that something happened, not how often: the newest of each is enough.
    let (stream, feed) = AsyncStream.makeStream(
      of: Int32.self, bufferingPolicy: .bufferingNewest(signals.count))
    let queue = DispatchQueue(label: "signals")
    nonisolated(unsafe) let sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { feed.yield(number) }
      source.activate()
      return source
    }
    feed.onTermination = { _ in sources.forEach { $0.cancel() } }
    return stream
  }
}
