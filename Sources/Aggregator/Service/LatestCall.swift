import GRPC
import Selection
import TimeSeries
import Wire

/// Latest: one message per host, ordered by instance; a host too large for one message takes several, one after the other.
/// Goes on when the reader can take more.
final class LatestCall {
  private let stream: ServerStream<HostSamples>
  private let hosts: [Host]
  private let pattern: MetricPattern
  private var position = 0
  private var parts: [HostSamples] = []

  init(_ stream: ServerStream<HostSamples>, hosts: [Host], pattern: MetricPattern) {
    self.stream = stream
    self.hosts = hosts
    self.pattern = pattern
  }

  /// Starts to answer. The stream keeps this object for as long as the call is open.
  func start() {
    stream.onWritable = { self.send() }
    send()
  }

  private func send() {
    while let part = nextPart() {
      guard stream.send(part) else { return }
    }
    stream.finish(.ok)
  }

  private func nextPart() -> HostSamples? {
    while parts.isEmpty, position < hosts.count {
      parts = hosts[position].latestSamples(matching: pattern).reversed()
      position += 1
    }
    return parts.popLast()
  }
}

extension Host {
  /// The newest values of the host's series that it has and that match, in parts; empty: it has sent nothing yet.
  fileprivate func latestSamples(matching pattern: MetricPattern) -> [HostSamples] {
    withRecord { record in
      guard let time = record.store.newestTime else { return [] }
      let head = HostSamples(
        hostID: record.identity.hostID, instance: record.identity.instance, timeMicroseconds: time,
        samples: [])
      var parts = [head]
      var bytes = 0
      let series = record.series
      record.store.forEachLatest { index, raw in
        guard pattern.matches(series[index].name) else { return }
        bytes += series[index].estimatedBytes
        if bytes > AnswerSize.part {
          parts.append(head)
          bytes = series[index].estimatedBytes
        }
        parts[parts.count - 1].samples.append(Sample(series[index], raw: raw))
      }
      return parts
    }
  }
}
