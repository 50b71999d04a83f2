import Logging
import Testing

@testable import StructuredLog

@Suite struct LogRingTests {
  @Test func theLastLinesAreKept() {
    var ring = LogRing()
    for number in 0..<1000 {
      ring.append(Array("line \(number)\n".utf8))
      #expect(ring.count == min(number + 1, LogLimits.recentLines))
      guard number % 37 == 0 else { continue }
      #expect(ring.lines.last == "line \(number)")
      #expect(ring.lines.first == "line \(max(0, number + 1 - LogLimits.recentLines))")
    }
    #expect(ring.lines.count == LogLimits.recentLines)
  }

  @Test func bytesAreBounded() {
    var ring = LogRing()
    for number in 0..<300 {
      ring.append(Array(repeating: UInt8(ascii: "a"), count: number * 100))
      #expect(ring.byteCount <= LogLimits.recentBytes)
      #expect(ring.lines.reduce(0) { $0 + $1.utf8.count } == ring.byteCount)
    }
    ring.append(Array(repeating: UInt8(ascii: "b"), count: 1 << 20))
    #expect(ring.lines.last?.utf8.count == LogLimits.recentLineBytes)
    #expect(ring.byteCount <= LogLimits.recentBytes)
  }

  @Test func whatIsLoggedIsRemembered() {
    let handler = StructuredLogHandler(format: .text, level: .info)
    let logger = Logger(label: "test") { _ in handler }
    logger.info("remember 4711")
    logger.debug("not this 4711")
    let lines = StructuredLog.recentLines.filter { $0.contains("4711") }
    #expect(lines.count == 1)
    #expect(lines.first?.hasSuffix(#"msg="remember 4711""#) == true)
  }

  /// One test for all of it: the level is the program's.
  @Test func theLevelChangesForLoggersWithoutTheirOwn() {
    let shared = Logger(label: "shared") { _ in StructuredLogHandler(format: .text) }
    var own = Logger(label: "own") { _ in StructuredLogHandler(format: .text) }
    own.logLevel = .error
    for level in Logger.Level.allCases {
      StructuredLog.setLevel(level)
      #expect(StructuredLog.level == level)
      #expect(shared.logLevel == level)
      #expect(own.logLevel == .error)
    }
    StructuredLog.setLevel(.info)
  }
}
