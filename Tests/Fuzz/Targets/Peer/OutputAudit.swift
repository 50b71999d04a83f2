/// Reads what a connection sends, frame by frame, and holds it to the rules that a sender has to keep (RFC 9113, 5.1)
/// without being told what was meant.
struct OutputAudit {
  private static let headerBytes = 9
  private static let payloadMaximum = 16_384

  private enum Stream {
    case open(MessageAudit)
    /// END_STREAM is sent.
    case ended
    /// RST_STREAM is sent.
    case reset
  }

  private var pending: [UInt8] = []
  private var preface: [UInt8]
  private var streams: [UInt32: Stream] = [:]
  /// The stream of a header block that is not complete.
  private var unfinishedBlock: UInt32?
  private var isOver = false

  /// - Parameter isClient: whether the preface comes first.
  init(isClient: Bool) { preface = isClient ? FrameWriter.preface : [] }

  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    pending += bytes
    takePreface()
    var start = 0
    while preface.isEmpty, let end = frameEnd(start) {
      judge(pending[start..<end])
      start = end
    }
    pending.removeFirst(start)
  }

  private mutating func takePreface() {
    guard !preface.isEmpty, pending.count >= preface.count else { return }
    require(pending.starts(with: preface), "the connection does not begin with the preface")
    pending.removeFirst(preface.count)
    preface = []
  }

  private func frameEnd(_ start: Int) -> Int? {
    guard pending.count - start >= Self.headerBytes else { return nil }
    let length = pending[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
    require(length <= Self.payloadMaximum, "a frame of \(length) bytes")
    let end = start + Self.headerBytes + length
    return end <= pending.count ? end : nil
  }

  private mutating func judge(_ frame: ArraySlice<UInt8>) {
    let header = Array(frame.prefix(Self.headerBytes))
    guard let kind = FrameWriter.Kind(rawValue: header[3]) else { fatalError("a frame of type \(header[3])") }
    require(!isOver || kind == .goAway, "\(kind) after a GOAWAY with an error")
    let stream = header[5...8].reduce(0) { $0 << 8 | UInt32($1) }
    if let unfinishedBlock {
      require(kind == .continuation && stream == unfinishedBlock, "\(kind) inside a header block")
    }
    let payload = frame.dropFirst(Self.headerBytes)
    let isEnd = header[4] & FrameWriter.Flag.endStream != 0
    switch kind {
    case .data: data(payload, stream, isEnd: isEnd)
    case .headers, .continuation: headers(kind, stream, header[4])
    case .reset: reset(stream)
    // There may be a second one, that has no text.
    case .goAway: isOver = isOver || payload.dropFirst(4).prefix(4).contains { $0 != 0 }
    case .windowUpdate:
      if case .reset? = streams[stream] { fatalError("WINDOW_UPDATE on stream \(stream), which was reset") }
    case .settings, .ping: require(stream == 0, "\(kind) on stream \(stream)")
    case .priority, .pushPromise: fatalError("\(kind), which nobody asked for")
    }
  }

  private mutating func data(_ payload: ArraySlice<UInt8>, _ stream: UInt32, isEnd: Bool) {
    guard case .open(var messages)? = streams[stream] else {
      fatalError("DATA on stream \(stream): \(streams[stream].map { "\($0)" } ?? "idle")")
    }
    messages.take(payload)
    streams[stream] = isEnd ? .ended : .open(messages)
  }

  private mutating func headers(_ kind: FrameWriter.Kind, _ stream: UInt32, _ flags: UInt8) {
    unfinishedBlock = flags & FrameWriter.Flag.endHeaders == 0 ? stream : nil
    guard kind == .headers else { return }
    switch streams[stream] {
    case nil: streams[stream] = .open(MessageAudit())
    case .open: break
    case .ended, .reset: fatalError("HEADERS on stream \(stream), which has ended")
    }
    if flags & FrameWriter.Flag.endStream != 0 { streams[stream] = .ended }
  }

  private mutating func reset(_ stream: UInt32) {
    if case .reset? = streams[stream] { fatalError("stream \(stream) is reset twice") }
    streams[stream] = .reset
  }
}

/// The messages in the DATA of one stream: only the flags 0 and 1 come before a length.
private struct MessageAudit {
  private var prefix: [UInt8] = []
  private var missing = 0

  mutating func take(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      let skipped = min(missing, rest.count)
      missing -= skipped
      rest = rest.dropFirst(skipped)
      guard missing == 0, let byte = rest.popFirst() else { continue }
      prefix.append(byte)
      require(prefix[0] <= 1, "a message with the flag \(prefix[0])")
      guard prefix.count == 5 else { continue }
      missing = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
      prefix = []
    }
  }
}
