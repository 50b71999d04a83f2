import GRPC
import GRPCNIO
import Glibc
import Wire

/// `muster latest HOST [PATTERN]`: what a host said last.
public struct LatestCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let selector: String
  private let pattern: String
  private let output: OutputFormat

  /// Asks for the series whose metric name matches a pattern, of the hosts a selector chooses.
  public init(aggregator: AggregatorOptions, selector: String, pattern: String, output: OutputFormat) {
    self.aggregator = aggregator
    self.selector = selector
    self.pattern = pattern
    self.output = output
  }

  /// Prints the values, host by host as they come.
  public func run() async throws {
    let client = try await aggregator.connect()
    var hosts = 0
    var samples = 0
    do {
      let request = LatestRequest(selector: selector, pattern: pattern)
      for try await host in try await client.serverStreaming(
        MusterService.latest, request, timeout: AggregatorOptions.answerTimeout)
      {
        hosts += 1
        samples += host.samples.count
        try show(host)
      }
    } catch let status as Status {
      throw CommandFailure(status, aggregator: aggregator.address)
    }
    await client.close()
    if hosts == 0 { throw SelectorText.nobody(selector) }
    if samples == 0 { throw CommandFailure(.notFound, "no metric there matches '\(pattern)'") }
  }

  private func show(_ host: HostSamples) throws {
    if output == .json {
      for sample in host.samples {
        let document = SampleDocument(
          instance: host.instance, timeUs: host.timeMicroseconds, name: sample.name,
          labels: sample.labels, unit: sample.unit, value: sample.value)
        try StandardOutput.write(JSONOutput.line(document))
      }
      return
    }
    guard !host.samples.isEmpty else { return }
    let age = Units.duration(microseconds: max(0, WallClock.microseconds - host.timeMicroseconds))
    let style = Style.suiting(descriptor: STDOUT_FILENO)
    StandardOutput.write(style.bold(host.instance.printable) + style.dim("  \(age) ago") + "\n")
    let values = host.samples.map { MetricText.value($0.value) }
    let width = values.map(\.displayWidth).max() ?? 0
    for (sample, value) in zip(host.samples, values) {
      let series = MetricText.series(sample.name, sample.labels).printable
      StandardOutput.write("\(value.fitted(to: width, alignment: .right))  \(series)\n")
    }
  }
}
