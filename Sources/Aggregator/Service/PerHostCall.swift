import GRPC
import Selection
import TimeSeries
import Wire

/// Latest and ListProcesses: one message per host, in their order; a host too large for one message takes several, one
/// after the other, and one that has nothing to say none. Goes on when the reader can take more.
final class PerHostCall<Answer: GRPCMessage> {
  private let stream: ServerStream<Answer>
  private let hosts: [Host]
  private let answers: (Host) -> [Answer]
  private var position = 0
  private var parts: [Answer] = []

  init(_ stream: ServerStream<Answer>, hosts: [Host], answers: @escaping (Host) -> [Answer]) {
    self.stream = stream
    self.hosts = hosts
    self.answers = answers
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

  private func nextPart() -> Answer? {
    while parts.isEmpty, position < hosts.count {
      parts = answers(hosts[position]).reversed()
      position += 1
    }
    return parts.popLast()
  }
}

extension Host {
  /// The newest values of the host's series that it has and that match, in parts; empty: it has sent nothing yet.
  func latestSamples(matching pattern: MetricPattern) -> [HostSamples] {
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

extension Host {
  /// What its collector said last of its processes; nothing if it has not said any.
  func latestProcesses() -> [HostProcesses] {
    withRecord { record in
      guard let processes = record.processes else { return [] }
      let identity = record.identity
      return [HostProcesses(hostID: identity.hostID, instance: identity.instance, processes: processes)]
    }
  }
}
