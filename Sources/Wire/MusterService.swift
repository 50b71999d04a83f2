// Wire: Muster's messages as Swift values, and the codec of metric frames.
//
// The definition of the wire is Protos/muster/v1. protobuf-c packs and unpacks it; no C type leaves
// this module. Whatever is decoded here is bounded (`MessageLimits`, `FrameLimits`), its text is valid
// UTF-8, and what does not hold is answered with INVALID_ARGUMENT and a sentence. docs/PROTOCOL.md
// tells a peer in another language what to send.

public import GRPC

/// The methods of `muster.v1`, typed. `docs/PROTOCOL.md` says what they do.
public enum MusterService {
  /// MetricsService.Push: frames up, one summary back. Frames are packed by `FrameEncoder` and read by
  /// `FrameDecoder`; `PackedFrame` carries their bytes untouched.
  public static let push = Method<PackedFrame, PushSummary>(service: "muster.v1.MetricsService", name: "Push")

  /// The path of `push`, for a server that hands each message's bytes to a `FrameDecoder` without a copy.
  public static var pushPath: String { push.path }

  /// ControlService.Attach: what a collector says of itself goes up, what it is told comes down.
  public static let attach = Method<CollectorEvent, AggregatorCommand>(
    service: "muster.v1.ControlService", name: "Attach")

  /// FleetService.GetVersion.
  public static let getVersion = fleet("GetVersion", GetVersionRequest.self, GetVersionResponse.self)
  /// FleetService.ListHosts.
  public static let listHosts = fleet("ListHosts", ListHostsRequest.self, ListHostsResponse.self)
  /// FleetService.WatchHosts: server streaming.
  public static let watchHosts = fleet("WatchHosts", WatchHostsRequest.self, HostsUpdate.self)
  /// FleetService.Latest: server streaming.
  public static let latest = fleet("Latest", LatestRequest.self, HostSamples.self)
  /// FleetService.ListProcesses: server streaming.
  public static let listProcesses = fleet("ListProcesses", ListProcessesRequest.self, HostProcesses.self)
  /// FleetService.Tail: server streaming.
  public static let tail = fleet("Tail", TailRequest.self, TailUpdate.self)

  /// FleetService.RunCommand: server streaming.
  public static let runCommand = fleet("RunCommand", RunCommandRequest.self, RunUpdate.self)
  /// FleetService.RetireHosts.
  public static let retireHosts = fleet("RetireHosts", RetireHostsRequest.self, RetireHostsResponse.self)
  /// FleetService.ExpectHosts.
  public static let expectHosts = fleet("ExpectHosts", ExpectHostsRequest.self, ExpectHostsResponse.self)
  /// FleetService.ListAudit: server streaming.
  public static let listAudit = fleet("ListAudit", ListAuditRequest.self, AuditEntry.self)

  /// ConfigService.Watch: server streaming, opened by a collector.
  public static let watchConfig = Method<WatchConfigRequest, ConfigUpdate>(
    service: "muster.v1.ConfigService", name: "Watch")

  /// RolloutService.Push.
  public static let pushConfig = rollout("Push", PushConfigRequest.self, Rollout.self)
  /// RolloutService.Plan: server streaming.
  public static let planConfig = rollout("Plan", PlanConfigRequest.self, PlanUpdate.self)
  /// RolloutService.WatchRollout: server streaming.
  public static let watchRollout = rollout("WatchRollout", WatchRolloutRequest.self, Rollout.self)
  /// RolloutService.SteerRollout.
  public static let steerRollout = rollout("SteerRollout", SteerRolloutRequest.self, Rollout.self)
  /// RolloutService.RollBack.
  public static let rollBack = rollout("RollBack", RollBackRequest.self, Rollout.self)
  /// RolloutService.ListConfigs.
  public static let listConfigs = rollout("ListConfigs", ListConfigsRequest.self, ListConfigsResponse.self)
  /// RolloutService.GetConfig.
  public static let getConfig = rollout("GetConfig", GetConfigRequest.self, ConfigDocument.self)
  /// RolloutService.ExplainConfig.
  public static let explainConfig = rollout(
    "ExplainConfig", ExplainConfigRequest.self, ExplainConfigResponse.self)
  /// RolloutService.ListRollouts.
  public static let listRollouts = rollout(
    "ListRollouts", ListRolloutsRequest.self, ListRolloutsResponse.self)

  private static func rollout<Q, R>(_ name: String, _: Q.Type, _: R.Type) -> Method<Q, R> {
    Method(service: "muster.v1.RolloutService", name: name)
  }

  private static func fleet<Q, R>(_ name: String, _: Q.Type, _: R.Type) -> Method<Q, R> {
    Method(service: "muster.v1.FleetService", name: name)
  }
}
