import Testing

@testable import Wire

/// A message, its type forgotten: how to bring it there and back.
struct Carried: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  /// Fields that the message leaves at what they are when they are not sent.
  let unset: [String]
  /// Whether decoding the bytes gives the message again.
  let isSame: @Sendable ([UInt8]) throws -> Bool

  init<M: WireMessage & Equatable & Sendable>(_ message: M, _ name: String = "\(M.self)") {
    testDescription = name
    bytes = encoded(message)
    unset = Mirror(reflecting: message).children.filter { isUnset($0.value) }.compactMap(\.label)
    isSame = { try decode(M.self, $0) == message }
  }

  static let all = control + fleet + commands + runs + configs + rollouts

  static let control = [
    Carried(CollectorEvent.hello(Example.hello), "hello"),
    Carried(CollectorEvent.heartbeat(Example.heartbeat), "heartbeat"),
    Carried(CollectorEvent.goodbye(Goodbye(reason: "SIGTERM")), "goodbye"),
    Carried(CollectorEvent(sequence: 1, body: .hello(Example.hello)), "hello, counted"),
    Carried(CollectorEvent(sequence: 2, body: .output(Example.outputs[0])), "output"),
    Carried(CollectorEvent(sequence: 3, body: .result(Example.result)), "result"),
    Carried(CollectorEvent(sequence: .max, body: .configStatus(Example.configStatus)), "config status"),
    Carried(CollectorEvent.probeReply(9), "probe reply"),
    Carried(
      AggregatorCommand.welcome(
        Welcome(aggregatorVersion: "9", wallTimeMicroseconds: 1, acknowledgedSequence: 2)), "welcome"),
    Carried(AggregatorCommand.acknowledge(Acknowledge(epoch: 1, sequence: 2)), "acknowledge"),
    Carried(AggregatorCommand.heartbeat(HeartbeatReply(id: 3, wallTimeMicroseconds: 4)), "reply"),
    Carried(AggregatorCommand.run(Example.command), "run"),
    Carried(AggregatorCommand.cancel(id: "c-1"), "cancel"),
    Carried(AggregatorCommand.configConfirm(.sha256(1)), "config confirm"),
    Carried(AggregatorCommand.reportAll, "report all"),
    Carried(AggregatorCommand.rekey(reason: "web-2 has this id"), "rekey"),
    Carried(AggregatorCommand.probe(.max), "probe"),
    Carried(opening, "StreamOpening"),
    Carried(
      SeriesDescriptor(
        "node_cpu_seconds_total", labels: Example.labels, kind: .counter, type: .double, unit: "seconds",
        multiplier: 2, divisor: 100)),
  ]

  static let fleet = [
    Carried(PushSummary(frames: 1, duplicates: 2, sequence: 3)),
    Carried(GetVersionRequest()),
    Carried(GetVersionResponse(version: "0.1.0", startedMicroseconds: 1, hosts: 2, series: 3)),
    Carried(ListHostsRequest(selector: "env=prod")),
    Carried(ListHostsResponse(hosts: [Example.host, HostInfo()])),
    Carried(WatchHostsRequest(selector: "!gone", intervalMilliseconds: 100)),
    Carried(HostsUpdate(initial: true, hosts: [Example.host], serverTimeMicroseconds: 9)),
    Carried(LatestRequest(selector: "a", pattern: "node_*")),
    Carried(ListProcessesRequest(selector: "env=prod")),
    Carried(HostProcesses(hostID: hostID, instance: "web-1", processes: Example.processes)),
    Carried(
      HostSamples(
        hostID: hostID, instance: "i", timeMicroseconds: 1, samples: [Example.sample, Example.sample])),
    Carried(
      TailRequest(selector: "a", pattern: "b", historyMilliseconds: 60_000, raiseIntervalMilliseconds: 1000)),
    Carried(Example.tail),
    Carried(Example.host, "Host"),
  ]
}

/// Whether a field has the value that it has when it is not sent.
private func isUnset(_ value: Any) -> Bool {
  if let choice = value as? any WireEnum { return choice.rawValue == 0 }
  return ["0", "0.0", "", "[]", "false", "nil"].contains(String(describing: value))
}
