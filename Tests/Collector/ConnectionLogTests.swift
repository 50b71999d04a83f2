import GRPC
import Logging
import Synchronization
import Testing

@testable import Collector

/// Keeps lines instead of writing them.
private final class Lines: Sendable {
  private let lines = Mutex<[String]>([])

  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }

  func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }

  private struct Handler: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
      lines.add("\(event.level): \(event.message)\(fields.joined())")
    }
  }
}

@Suite struct ConnectionLogTests {
  private let lines = Lines()

  private func write(_ log: ConnectionLog, _ report: UplinkReport, atSecond second: Int64) -> [String] {
    log.write(report, peer: "10.0.0.1:7600 (TLSv1.3)", at: Instant(nanoseconds: second * 1_000_000_000))
    return lines.take()
  }

  @Test func aNightWithoutAnAggregatorIsALineAMinute() {
    let log = ConnectionLog(logger: lines.logger, target: "mon:7600")
    let refused = UplinkReport.unreachable(
      reason: "mon:7600: Connection refused", retryIn: .milliseconds(1234))
    #expect(
      write(log, refused, atSecond: 0)
        == ["warning: cannot connect to mon:7600: Connection refused; retrying in 1.2s"])
    for second in 1..<60 as Range<Int64> { #expect(write(log, refused, atSecond: second) == []) }
    #expect(
      write(log, refused, atSecond: 60) == [
        "warning: cannot connect to mon:7600: Connection refused; retrying in 1.2s "
          + "attempts_since_last_line=60"
      ])
    // Another reason is news.
    #expect(
      write(log, .unreachable(reason: "timed out", retryIn: .zero), atSecond: 61)
        == ["warning: cannot connect to mon:7600: timed out; retrying in 0.0s"])
    #expect(
      write(log, .connected(aggregatorVersion: "1", buffered: 12), atSecond: 62) == [
        "info: connected to mon:7600 aggregator_version=1 frames_waiting=12 peer=10.0.0.1:7600 (TLSv1.3)"
      ])
    #expect(write(log, refused, atSecond: 63).count == 1)
  }

  @Test func everyOtherReportIsALine() {
    let log = ConnectionLog(logger: lines.logger, target: "mon:7600")
    #expect(
      write(log, .lost(reason: "reset", retryIn: .seconds(30)), atSecond: 0)
        == ["warning: lost the connection to mon:7600: reset; retrying in 30.0s"])
    #expect(
      write(log, .refused(Status(.permissionDenied, "no"), retryIn: .seconds(45)), atSecond: 0)
        == ["error: mon:7600 refuses this collector: PERMISSION_DENIED: no; retrying in 45.0s"])
    #expect(
      write(log, .goingAway, atSecond: 0) == ["info: mon:7600 is going away; reconnecting"])
    #expect(
      write(log, .overrun(dropped: 3), atSecond: 0) == [
        "warning: the connection to mon:7600 is slower than the sampling; dropped the oldest frames dropped=3"
      ])
    #expect(write(log, .stopped(unacknowledged: 0), atSecond: 0) == ["info: stopped"])
    #expect(
      write(log, .stopped(unacknowledged: 2), atSecond: 0)
        == ["warning: stopped before everything was acknowledged frames_lost=2"])
  }

  @Test func whatHappensToSamplingIsSaidOnce() {
    let log = SamplingLog(logger: lines.logger)
    log.write(.init(isDue: true, lateSlots: 0, clockStepMicroseconds: 0, suspendedMicroseconds: 0))
    #expect(lines.take() == [])
    log.write(
      .init(isDue: true, lateSlots: 0, clockStepMicroseconds: -3_600_012_000, suspendedMicroseconds: 65_000))
    #expect(
      lines.take() == [
        "notice: the wall clock was set by=-3600.012s", "notice: the machine was suspended for=0.065s",
      ])
  }
}
