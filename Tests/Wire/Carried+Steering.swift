@testable import Wire

extension Carried {
  static let commands =
    [Carried(Example.command), Carried(Example.result)]
    + Example.actions.map { Carried($0, "action \($0.kind.rawValue)") }
    + Example.outputs.map { Carried($0, "output, part \($0.part)") } + [
      Carried(TopProcessesAction(count: 100, order: .threads, windowMilliseconds: 10_000)),
      Carried(SetResolutionAction(intervalMilliseconds: 100, leaseMilliseconds: 1000, holder: "ada")),
      Carried(LogLevelAction(level: "trace", leaseMilliseconds: 86_400_000)),
      Carried(CommandSamples(timeMicroseconds: 1, samples: [CommandSample(name: "up", value: 1)])),
      Carried(CommandSample(name: "up", labels: Example.labels, value: .infinity)),
      Carried(Example.process), Carried(Example.processes), Carried(Example.mount),
      Carried(
        SelfCheckLine(subject: "clock", state: "warning", detail: "unset", readMicroseconds: 1, series: 2)),
      Carried(Example.plan),
    ]

  static let runs = [
    Carried(
      RunCommandRequest(
        selector: "env=prod", action: .ping, timeoutMilliseconds: 1, expiresMicroseconds: 2,
        idempotencyKey: "k", outputLimitBytes: 3, author: "ada@desk", message: "are they there?")),
    Carried(
      RunUpdate(
        runID: "17", hostID: hostID, instance: "web-1", output: Example.outputs[0], result: Example.result,
        progress: RunProgress(total: 1))),
    Carried(
      RunProgress(total: 1, done: 2, ok: 3, failed: 4, refused: 5, timedOut: 6, unreachable: 7)),
    Carried(RetireHostsRequest(selector: "instance=web-1", author: "a", message: "sold", undo: true)),
    Carried(RetireHostsResponse(instances: ["web-1", "web-2"])),
    Carried(ExpectHostsRequest(instances: ["web-3"], author: "a", undo: true)),
    Carried(ExpectHostsResponse(instances: ["web-3"])),
    Carried(
      ListAuditRequest(
        author: "a", action: "config", host: "web-1", sinceMicroseconds: 1, untilMicroseconds: 2, limit: 3)),
    Carried(
      AuditEntry(
        id: 1, timeMicroseconds: 2, author: "a", address: "[::1]:5", role: .administer, action: "run.ping",
        selector: "env=prod", detail: "ping", message: "why not", outcome: "ok", summary: "3 of 3 ok",
        hosts: 3, host: [AuditHost(hostID: hostID, instance: "web-1", outcome: "ok")])),
    Carried(AuditHost(hostID: hostID, instance: "web-1", outcome: "refused", reason: "forbidden")),
  ]

  static let configs = [
    Carried(
      WatchConfigRequest(
        hostID: hostID, epoch: 7, runningSHA256: .sha256(1), schema: 1,
        failedSHA256: [.sha256(2), .sha256(3)])),
    Carried(
      ConfigUpdate(
        version: 12, sha256: Example.config.sha256, config: Example.config.packed, rollout: 4,
        confirmWithinMilliseconds: 30_000)),
    Carried(Example.config), Carried(Example.config.sources[0]), Carried(Example.config.filters[0]),
    Carried(ConfigProblem(key: "interval", message: "too short")), Carried(Example.configStatus),
  ]

  static let rollouts = [
    Carried(Example.document),
    Carried(
      PushConfigRequest(
        selector: "env=prod", yaml: "interval: 5s", file: "prod.yaml", author: "a", message: "m",
        plan: Example.rolloutPlan, dryRun: true)),
    Carried(Example.rolloutPlan), Carried(Example.rolloutPlan.gates), Carried(Example.rollout),
    Carried(RolloutCount(state: .refused, hosts: 9)), Carried(Example.rollout.troubled[0]),
    Carried(WatchRolloutRequest(id: 4)),
    Carried(SteerRolloutRequest(id: 4, action: .promote, author: "a", message: "m")),
    Carried(
      RollBackRequest(
        selector: "env=prod", toVersion: 3, author: "a", message: "m", plan: Example.rolloutPlan)),
    Carried(
      PlanConfigRequest(
        selector: "s", yaml: "recorder: on", file: "f", author: "a", timeoutMilliseconds: 1000)),
    Carried(
      PlanUpdate(
        hostID: hostID, instance: "web-1", report: Example.plan, problem: "no answer", asked: 2, answered: 1)),
    Carried(ListConfigsRequest(selector: "env=prod", allLayers: true, history: true, limit: 5)),
    Carried(ListConfigsResponse(documents: [Example.document, ConfigDocument(version: 1)])),
    Carried(GetConfigRequest(version: 12)), Carried(ExplainConfigRequest(host: "web-1")),
    Carried(
      ExplainConfigResponse(
        hostID: hostID, instance: "web-1", sha256: .sha256(1), version: 12, runningSHA256: .sha256(2),
        status: Example.configStatus, layers: [ConfigLayer(version: 1)],
        values: [ExplainedValue(key: "interval", value: "1s", version: 12, hides: ["5s (version 3)"])])),
    Carried(ConfigLayer(selector: "env=prod", version: 12, rollout: 4)),
    Carried(
      ExplainedValue(
        key: "interval", value: "1s", version: 12, selector: "env=prod",
        hides: ["5s (version 3)", "2s (version 4)"])),
    Carried(ListRolloutsRequest(all: true, limit: 20)),
    Carried(ListRolloutsResponse(rollouts: [Example.rollout, Rollout(id: 1)])),
  ]
}
