import GRPC
import GRPCNIO
import Glibc
import Wire

/// `muster tail [PATTERN]`: samples as they arrive, until Ctrl-C.
public struct TailCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let request: TailRequest
  private let output: OutputFormat
  private let changesOnly: Bool

  /// Follows a selection; `history` of the past comes first. With `changesOnly` a value is shown only
  /// when it is not what it was.
  public init(
    aggregator: AggregatorOptions, selector: String, pattern: String, historyMilliseconds: UInt32,
    changesOnly: Bool, output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.request = TailRequest(selector: selector, pattern: pattern, historyMilliseconds: historyMilliseconds)
    self.changesOnly = changesOnly
    self.output = output
  }

  /// Prints until the stream or the operator ends it.
  public func run() async throws {
    let client = try await aggregator.connect()
    var hosts: [String: FollowedHost] = [:]
    do {
      for try await update in try await client.serverStreaming(MusterService.tail, request) {
        var host = hosts[update.hostID] ?? FollowedHost(instance: update.instance)
        if update.skippedFrames > 0 {
          StandardError.write(
            "\(update.instance): \(update.skippedFrames) frames skipped, this reader was too slow\n")
        }
        host.describe(update.newSeries)
        for frame in update.frames { try show(frame, of: &host) }
        hosts[update.hostID] = host
      }
    } catch let status as Status {
      throw CommandFailure(endOfStream: status, aggregator: aggregator.address)
    }
    throw CommandFailure(.unavailable, "\(aggregator.address) ended the stream")
  }

  private struct FollowedHost {
    let instance: String
    var series: [TailSeries] = []
    var texts: [String] = []
    var last: [Double] = []

    init(instance: String) { self.instance = instance }

    mutating func describe(_ described: [TailSeries]) {
      for one in described {
        series.append(one)
        texts.append(MetricText.series(one.name, one.labels).printable)
        last.append(.nan)
      }
    }
  }

  private func show(_ frame: TailFrame, of host: inout FollowedHost) throws {
    var text = ""
    let time = WallClock.text(frame.timeMicroseconds)
    for (index, value) in zip(frame.series, frame.values) where Int(index) < host.series.count {
      let index = Int(index)
      if changesOnly && host.last[index] == value { continue }
      host.last[index] = value
      switch output {
      case .table:
        text += "\(time)  \(host.instance.printable)  \(host.texts[index])  \(MetricText.value(value))\n"
      case .json:
        let series = host.series[index]
        text += try JSONOutput.line(
          SampleDocument(
            instance: host.instance, timeUs: frame.timeMicroseconds, name: series.name,
            labels: series.labels, unit: series.unit, value: value))
      }
    }
    StandardOutput.write(text)
  }
}
