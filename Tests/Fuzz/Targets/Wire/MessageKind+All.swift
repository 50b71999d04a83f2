@testable import Wire

extension MessageKind {
  /// Whatever travels alone. An input names them by number: new ones come last.
  nonisolated(unsafe) static let all = control + config + fleet + runs + rollouts + standard

  private static var control: [MessageKind] {
    [
      MessageKind(events + Example.outputs.map { CollectorEvent(sequence: 2, body: .output($0)) }),
      MessageKind(
        words + Example.actions.map { AggregatorCommand.run(Command(id: "c-1", action: $0)) }),
      MessageKind(PushSummary(frames: 1, duplicates: 2, sequence: 3)),
    ]
  }

  private static let events: [CollectorEvent] = [
    .hello(Example.hello), .heartbeat(Example.heartbeat), .goodbye(Goodbye(reason: "SIGTERM")),
    .probeReply(9),
    CollectorEvent(sequence: 3, body: .result(Example.result)),
    CollectorEvent(sequence: .max, body: .configStatus(Example.configStatus)),
  ]

  private static let words: [AggregatorCommand] = [
    .welcome(Welcome(aggregatorVersion: "9", wallTimeMicroseconds: 1, acknowledgedSequence: 2)),
    .acknowledge(Acknowledge(epoch: 1, sequence: 2)),
    .heartbeat(HeartbeatReply(id: 3, wallTimeMicroseconds: 4)),
    .cancel(id: "c-1"), .configConfirm(.sha256(1)), .reportAll, .rekey(reason: "web-2 has this id"),
    .probe(.max),
  ]

  private static var config: [MessageKind] {
    [
      MessageKind(
        WatchConfigRequest(
          hostID: hostID, epoch: 7, runningSHA256: .sha256(1), schema: 1, failedSHA256: [.sha256(2)])),
      MessageKind(
        ConfigUpdate(
          version: 12, sha256: Example.config.sha256, config: Example.config.packed, rollout: 4,
          confirmWithinMilliseconds: 30_000)),
      MessageKind(Example.config),
    ]
  }

  private static var fleet: [MessageKind] {
    [
      MessageKind(GetVersionRequest()),
      MessageKind(GetVersionResponse(version: "0.1.0", startedMicroseconds: 1, hosts: 2, series: 3)),
      MessageKind(ListHostsRequest(selector: "env=prod")),
      MessageKind(ListHostsResponse(hosts: [Example.host, HostInfo()])),
      MessageKind(WatchHostsRequest(selector: "!gone", intervalMilliseconds: 100)),
      MessageKind(HostsUpdate(initial: true, hosts: [Example.host], serverTimeMicroseconds: 9)),
      MessageKind(LatestRequest(selector: "a", pattern: "node_*")),
      MessageKind(HostSamples(hostID: hostID, instance: "i", timeMicroseconds: 1, samples: [Example.sample])),
      MessageKind(
        TailRequest(selector: "a", pattern: "b", historyMilliseconds: 60_000, raiseIntervalMilliseconds: 1000)
      ),
      MessageKind(Example.tail),
      MessageKind(RetireHostsRequest(selector: "instance=web-1", author: "a", message: "sold", undo: true)),
      MessageKind(RetireHostsResponse(instances: ["web-1", "web-2"])),
      MessageKind(ExpectHostsRequest(instances: ["web-3"], author: "a", undo: true)),
      MessageKind(ExpectHostsResponse(instances: ["web-3"])),
    ]
  }

  private static var runs: [MessageKind] {
    [
      MessageKind(
        RunCommandRequest(
          selector: "env=prod", action: .ping, timeoutMilliseconds: 1, expiresMicroseconds: 2,
          idempotencyKey: "k", outputLimitBytes: 3, author: "ada@desk", message: "are they there?")),
      MessageKind(
        RunUpdate(
          runID: "17", hostID: hostID, instance: "web-1", output: Example.outputs[0], result: Example.result,
          progress: RunProgress(total: 1))),
      MessageKind(
        ListAuditRequest(
          author: "a", action: "config", host: "web-1", sinceMicroseconds: 1, untilMicroseconds: 2, limit: 3)),
      MessageKind(
        AuditEntry(
          id: 1, timeMicroseconds: 2, author: "a", address: "[::1]:5", role: .administer, action: "run.ping",
          selector: "env=prod", detail: "ping", message: "why not", outcome: "ok", summary: "3 of 3 ok",
          hosts: 3, host: [AuditHost(hostID: hostID, instance: "web-1", outcome: "ok")])),
    ]
  }

  private static var rollouts: [MessageKind] {
    [
      MessageKind(
        PushConfigRequest(
          selector: "env=prod", yaml: "interval: 5s", file: "prod.yaml", author: "a", message: "m",
          plan: Example.rolloutPlan, dryRun: true)),
      MessageKind(Example.rollout),
      MessageKind(
        PlanConfigRequest(
          selector: "s", yaml: "recorder: on", file: "f", author: "a", timeoutMilliseconds: 1000)),
      MessageKind(
        PlanUpdate(
          hostID: hostID, instance: "web-1", report: Example.plan, problem: "no answer", asked: 2, answered: 1
        )),
      MessageKind(WatchRolloutRequest(id: 4)),
      MessageKind(SteerRolloutRequest(id: 4, action: .promote, author: "a", message: "m")),
      MessageKind(
        RollBackRequest(
          selector: "env=prod", toVersion: 3, author: "a", message: "m", plan: Example.rolloutPlan)),
      MessageKind(ListConfigsRequest(selector: "env=prod", allLayers: true, history: true, limit: 5)),
      MessageKind(ListConfigsResponse(documents: [Example.document, ConfigDocument(version: 1)])),
      MessageKind(GetConfigRequest(version: 12)),
      MessageKind(Example.document),
      MessageKind(ExplainConfigRequest(host: "web-1")),
      MessageKind(
        ExplainConfigResponse(
          hostID: hostID, instance: "web-1", sha256: .sha256(1), version: 12, runningSHA256: .sha256(2),
          status: Example.configStatus, layers: [ConfigLayer(version: 1)],
          values: [ExplainedValue(key: "interval", value: "1s", version: 12, hides: ["5s (version 3)"])])),
      MessageKind(ListRolloutsRequest(all: true, limit: 20)),
      MessageKind(ListRolloutsResponse(rollouts: [Example.rollout, Rollout(id: 1)])),
    ]
  }

  /// What gRPC has standardised.
  private static var standard: [MessageKind] {
    [
      MessageKind(HealthCheckRequest(service: "muster.v1.FleetService")),
      MessageKind(HealthCheckResponse(status: .serving)),
      MessageKind(
        ReflectionRequest(host: "h", .fileDefining("a.B")),
        ReflectionRequest(.fileWithExtension(7, of: "a.B")),
        ReflectionRequest(.services(""))),
      MessageKind(
        ReflectionResponse(to: ReflectionRequest(.services("")), .services(["a.B"])),
        ReflectionResponse(to: ReflectionRequest(.file(named: "a.proto")), .files([[1, 2]]))),
    ]
  }
}
