/// What either end may send, as a script says it. Requests and responses differ; those are `open` of whoever uses it.
struct PeerScript {
  /// Streams that frames are for, mostly.
  private(set) var streams: [UInt32] = []

  /// A stream's number: one that is in use, or, now and then, any.
  func stream(_ script: inout Script) -> UInt32 {
    let choice = Int(script.byte())
    guard choice >= 0xf0 || streams.isEmpty else { return streams[choice % streams.count] }
    return UInt32(choice & 0xf)
  }

  mutating func opened(_ stream: UInt32) {
    if !streams.contains(stream) { streams.append(stream) }
  }

  /// The steps of `next`.
  static let kinds = 12

  /// Appends what the script says next.
  mutating func next(_ kind: Int, _ script: inout Script, into frames: inout FrameWriter) {
    switch kind {
    case 0: message(&script, into: &frames)
    case 1: frames.frame(.data, flags: script.byte(), stream: stream(&script), script.sizedBytes())
    case 2: frames.frame(.reset, stream: stream(&script), code(&script).octets)
    case 3: windowUpdate(&script, into: &frames)
    case 4: settings(&script, into: &frames)
    case 5: ping(&script, into: &frames)
    case 6: goAway(&script, into: &frames)
    case 7: frames.frame(.headers, flags: script.byte(), stream: stream(&script), script.sizedBytes())
    case 8: frames.frame(.continuation, flags: script.byte(), stream: stream(&script), script.sizedBytes())
    case 9: frames.frame(script.byte(), flags: script.byte(), stream: script.word(), script.sizedBytes())
    case 10: repeated(&script, into: &frames)
    default: frames.append(script.sizedBytes())
    }
  }

  /// A gRPC message in one DATA frame: its prefix, its bytes as the script says or so many zeros.
  private func message(_ script: inout Script, into frames: inout FrameWriter) {
    let stream = stream(&script)
    let form = script.byte()
    let content =
      form & 0x10 == 0 ? script.sizedBytes() : [script.byte()] + [UInt8](repeating: 0, count: script.size())
    let announced = form & 0x20 == 0 ? UInt32(content.count) : script.word()
    let prefix = [form >> 1 & 1] + announced.octets
    frames.frame(.data, flags: form & FrameWriter.Flag.endStream, stream: stream, prefix + content)
  }

  private func windowUpdate(_ script: inout Script, into frames: inout FrameWriter) {
    let stream = script.byte() & 1 == 0 ? 0 : stream(&script)
    let increment = script.pick([UInt32(1), 100, 1000, 65_536, 1 << 20, 0x7fff_ffff, 0])
    frames.frame(.windowUpdate, stream: stream, increment.octets)
  }

  private func settings(_ script: inout Script, into frames: inout FrameWriter) {
    let form = script.byte()
    if form & 1 != 0 {
      return frames.frame(.settings, flags: FrameWriter.Flag.acknowledgement, stream: 0, [])
    }
    let value = script.pick([UInt32(0), 1, 2, 100, 1000, 16_384, 65_535, 1 << 20, 0x7fff_ffff, .max])
    frames.settings([(UInt16(form >> 1) % 8, value)])
  }

  /// The numbers of this project's own PINGs are among them, so that its answers are taken for answers.
  private func ping(_ script: inout Script, into frames: inout FrameWriter) {
    let number = script.pick([
      Array("keepaliv".utf8), Array("draining".utf8), [UInt8](repeating: 7, count: 8),
    ])
    frames.frame(.ping, flags: script.byte() & 1, stream: 0, number)
  }

  private func goAway(_ script: inout Script, into frames: inout FrameWriter) {
    let last = script.pick([UInt32(0x7fff_ffff), 0, 1, 3, 5])
    frames.frame(.goAway, stream: 0, last.octets + code(&script).octets + script.sizedBytes())
  }

  /// A small frame many times over.
  private func repeated(_ script: inout Script, into frames: inout FrameWriter) {
    let stream = stream(&script)
    let count = script.choice(200)
    let kind = script.choice(5)
    for _ in 0..<count {
      switch kind {
      case 0: frames.frame(.ping, stream: 0, [UInt8](repeating: 1, count: 8))
      case 1: frames.settings([])
      case 2: frames.frame(.data, stream: stream, [0, 0, 0, 0, 0])
      case 3: frames.frame(.windowUpdate, stream: stream, UInt32(1).octets)
      default: frames.frame(.priority, stream: stream, [0, 0, 0, 0, 16])
      }
    }
  }

  private func code(_ script: inout Script) -> UInt32 {
    let code = script.byte()
    return code < 0xf0 ? UInt32(code % 15) : .max
  }
}
