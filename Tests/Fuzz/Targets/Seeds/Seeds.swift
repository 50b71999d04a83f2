import GRPC
import Glibc
import Gzip

@testable import Wire

/// First inputs, made of what really travels: recorded conversations, encoded messages, and scripts by chance for the
/// targets that take any bytes for a script.
enum Seeds {
  /// Writes them as DIRECTORY/target-number.
  static func write(into directory: String) {
    for target in FuzzTarget.allCases {
      for (number, seed) in seeds(of: target).enumerated() {
        write(seed, "\(directory)/\(target.rawValue)-\(number)")
      }
    }
  }

  private static func seeds(of target: FuzzTarget) -> [[UInt8]] {
    switch target {
    case .server: Conversation.requests.map { [ServerTarget.Setup.raw, 0] + $0 } + scripts(20)
    case .client: Conversation.responses.map { [ClientTarget.Setup.raw, 0] + $0 } + scripts(20)
    case .pair: scripts(40)
    case .deframer: [[1, 4, 1, 5, 9, 2] + framed("hello") + framed("") + framed("world", flag: 1)]
    case .headers: texts + scripts(10)
    case .frame: scripts(20) + hostFrames
    case .message:
      MessageKind.all.enumerated().flatMap { kind in
        kind.element.examples.map { [UInt8(kind.offset)] + $0 }
      }
    case .gzip: [0, 1, 2].map { [$0, 255] + Array("aaaaaaaaabc".utf8) } + [[0, 255] + gzipped]
    }
  }

  /// Bytes by chance, most of them small, as most choices have few answers.
  private static func scripts(_ count: Int) -> [[UInt8]] {
    (0..<count).map { seed in
      var random = SeededGenerator(seed: UInt64(seed))
      return (0..<Int.random(in: 10...400, using: &random)).map { _ in
        random.chance(70) ? .random(in: 0...31, using: &random) : .random(in: 0...255, using: &random)
      }
    }
  }

  private static var texts: [[UInt8]] {
    let texts = ["aGVsbG8=", "aGVsbG8", "99999999H", "15m", "1n", "Gr%C3%BC%C3%9Fe 100%25 %", " héllo \n"]
    return texts.flatMap { text in (0..<7).map { [UInt8($0)] + Array(text.utf8) } }
  }

  /// A host's frames, as bytes that the target takes as they are.
  private static var hostFrames: [[UInt8]] {
    var host = TestHost()
    host.add("node_load1", type: .double, 1)
    for index in 0..<20 { host.add("series_\(index)", index % 3 == 0 ? nil : Int64(index)) }
    var script: [UInt8] = []
    for index in 0..<4 {
      let frame = host.frame(opening: index == 0 ? opening : nil)
      script += [0, 0x80 | UInt8(frame.count >> 8), UInt8(frame.count & 0xff)] + frame
      host.values[index * 3] += 1
      host.present[index * 2].toggle()
    }
    return [script]
  }

  private static var gzipped: [UInt8] {
    var bytes: [UInt8] = []
    Array(repeating: UInt8(7), count: 2000).withUnsafeBytes { MessageCodec.gzip.compress($0, &bytes) }
    return bytes
  }

  private static func framed(_ text: String, flag: UInt8 = 0) -> [UInt8] {
    [flag] + UInt32(text.utf8.count).octets + Array(text.utf8)
  }

  private static func write(_ bytes: [UInt8], _ path: String) {
    guard let file = fopen(path, "w") else { fatalError("can't write \(path)") }
    require(fwrite(bytes, 1, bytes.count, file) == bytes.count && fclose(file) == 0, "can't write \(path)")
  }
}
