import GRPC

@testable import Wire

/// Streams of metric frames: as a host of ours sends them, changed on the way, or made of any bytes.
///
///     input ── steps, each a byte that says what is next on the stream, and what that step reads
enum FrameTarget {
  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    let stream = FrameStream()
    var host = TestHost()
    var isHosts = true
    while !script.isAtEnd {
      let step = script.byte()
      if step & 3 == 0 {
        isHosts = false
        stream.receive(script.sizedBytes())
        continue
      }
      if step & 4 != 0 { host.live(&script) }
      var frame = host.frame(opening: host.sequence == 0 ? opening : nil)
      if step & 3 == 1 {
        isHosts = false
        for _ in 0..<(step >> 5) { frame[Int(script.size()) % frame.count] = script.byte() }
      }
      stream.receive(frame)
      if isHosts { require(stream.state == host.state, "\(host.state) arrives as \(stream.state)") }
    }
  }
}

extension TestHost {
  /// Something changes: series come, go, come back, and get other values; another config is in force.
  fileprivate mutating func live(_ script: inout Script) {
    for _ in 0..<script.choice(4) where values.count < 100 {
      add("series_\(values.count)", type: script.byte() & 1 == 0 ? .integer : .double)
    }
    for _ in 0..<script.choice(8) where !values.isEmpty {
      let index = script.choice(values.count)
      present[index] = script.byte() & 3 != 0
      values[index] = script.pick([0, 1, -1, .max, .min, Int64(script.word())])
    }
    if script.byte() & 7 == 1 { config = script.byte() & 1 == 0 ? [] : .sha256(script.byte()) }
  }
}

/// The receiver of a stream, what keeps a stored copy of it, and a plain account of what both should know.
private final class FrameStream {
  private static let seriesMaximum = 200

  private let decoder = FrameDecoder(limits: FrameLimits(series: seriesMaximum))
  private let forgetful = FrameDecoder(limits: FrameLimits(series: seriesMaximum), keepsDescriptors: false)
  private let base = FrameBase()
  private var account: [Int64?] = []

  var state: [Int64?] { decoder.state }

  func receive(_ frame: [UInt8]) {
    let opened = decoder.opening
    let described = decoder.descriptors.count
    do {
      let seen = try decoder.see(frame)
      keep(seen)
      require(decoder.state == account, "\(account) is taken for \(decoder.state)")
      require(decoder.presentSeries == account.count { $0 != nil }, "\(decoder.presentSeries) present series")
      require((try? forgetful.see(frame)) == seen, "a frame is read in two ways")
      reopen(with: frame)
    } catch {
      require(decoder.state == account, "a frame that is refused changes the decoder")
      require(
        decoder.opening == opened && decoder.descriptors.count == described, "a frame that is refused is kept"
      )
      require((try? forgetful.see(frame)) == nil, "a frame is refused by one decoder only")
    }
  }

  private func keep(_ seen: Seen) {
    account += Array(repeating: nil, count: seen.newSeries)
    for change in seen.changes { account[Int(change.index)] = change.raw }
    for index in seen.gone { account[Int(index)] = nil }
  }

  /// A new stream that begins with this frame knows the same; then the base goes on by it.
  private func reopen(with frame: [UInt8]) {
    var first: [UInt8] = []
    do {
      try frame.withUnsafeBytes { frame in
        try base.openingFrame(
          applying: frame, opening: opening, descriptors: decoder.descriptors, into: &first)
        try base.apply(frame)
      }
      let fresh = FrameDecoder(limits: FrameLimits(series: Self.seriesMaximum))
      try fresh.see(first)
      require(fresh.state == account, "a stream that is opened anew says \(fresh.state), not \(account)")
      require(fresh.descriptors == decoder.descriptors, "a stream that is opened anew has another dictionary")
    } catch {
      fatalError("a frame that was taken can't be sent again: \(error)")
    }
  }
}
