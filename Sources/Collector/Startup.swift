internal import CLinux
import GRPC
import Glibc
import Link
import Logging
import ProcFS
import Sampling
import Settings
import StructuredLog
import Wire

/// From settings to a running loop.
enum Startup {
  /// Freed memory above this goes back to the kernel, and blocks as large are mapped, not taken from
  /// the heap. Named, so that glibc does not raise either by itself (mallopt(3)).
  private static let mallocThresholdBytes: Int32 = 128 * 1024

  /// Runs the collector until a signal, or a command, ends it.
  ///
  /// - Parameter reload: reads the settings again, as they were read.
  static func run(
    _ settings: CollectorSettings, reload: @escaping () throws(SettingsError) -> CollectorSettings
  ) throws(CollectorFailure) {
    saveMemory()
    let signals = try ProgramSignals()
    StructuredLog.bootstrap(format: settings.logFormat, level: settings.logLevel)
    let logger = Logger(label: "collector")
    let directory = try StateDirectory(settings.stateDirectory)
    let identity = try HostIdentity(
      in: directory, source: IdentitySource(root: settings.root),
      wallSeconds: Clocks.reading().wallMicroseconds / 1_000_000, logger: logger)
    logger.info(
      "muster-collector \(MusterVersion.current) starts: \(summary(settings))",
      metadata: ["host_id": "\(identity.record.hostID)", "epoch": "\(identity.record.epoch)"])
    warn(settings, logger)

    let host = host(settings, identity, directory, reload, logger)
    try CollectorLoop(host: host, signals: signals).run()
    // The lock on the folder is held until here.
    withExtendedLifetime(directory) {}
  }

  private static func host(
    _ settings: CollectorSettings, _ identity: HostIdentity, _ directory: StateDirectory,
    _ reload: @escaping () throws(SettingsError) -> CollectorSettings, _ logger: Logger
  ) -> CollectorHost {
    let keeper = ConfigKeeper(local: settings, record: readConfig(directory, logger))
    let hello = hello(settings, identity)
    let recorder = Recorder(
      opening: StreamOpening(
        hostID: hello.hostID, bootID: hello.bootID, epoch: hello.epoch, instance: hello.instance,
        labels: hello.labels), isOn: keeper.settings.recorder)
    let environment = HostEnvironment(settings, recorder: recorder)
    let core = CollectorCore(
      driver: LinkDriver(
        uplink: uplink(settings, hello), link: link(settings),
        log: ConnectionLog(logger: logger, target: settings.aggregator.description)),
      keeper: keeper,
      desk: CommandDesk(forbidden: Set(settings.remote.forbidden), environment: environment),
      minimumInterval: settings.remote.minimumInterval, logger: logger)
    let session = SamplingSession(
      sampler: sampler(settings), recorder: recorder, interval: core.interval, at: Clocks.schedule(),
      logger: logger)
    let host = CollectorHost(
      core: core, session: session, local: settings, identity: identity, directory: directory, reload: reload,
      logger: logger)
    environment.host = host
    return host
  }

  /// One line for people: where to, how, how often.
  static func summary(_ settings: CollectorSettings) -> String {
    let security = settings.connectionTLS == nil ? "in plaintext" : "over TLS"
    return "to \(settings.aggregator) \(security), every \(DurationText.text(settings.interval))"
  }

  static func sampler(_ settings: CollectorSettings) -> Sampler {
    Sampler(
      root: ProcRoot(path: settings.root), filters: settings.filters,
      textfileDirectory: settings.textfileDirectory, clock: Clocks.awakeNanoseconds)
  }

  /// One arena for all threads (resolving a name takes a second one for a moment), and nothing kept.
  private static func saveMemory() {
    mallopt(M_ARENA_MAX, 1)
    mallopt(M_MMAP_THRESHOLD, mallocThresholdBytes)
    mallopt(M_TRIM_THRESHOLD, mallocThresholdBytes)
  }

  private static func readConfig(_ directory: StateDirectory, _ logger: Logger) -> ConfigRecord? {
    var damage: String?
    let record = directory.readConfig(damage: &damage)
    if let damage {
      logger.warning(
        "the configuration from the aggregator was damaged and is put aside; this host's own holds: \(damage)"
      )
    }
    return record
  }

  private static func warn(_ settings: CollectorSettings, _ logger: Logger) {
    if settings.insecure, !settings.aggregator.isLoopback {
      logger.warning("insecure: samples go to \(settings.aggregator) unencrypted and unauthenticated")
    }
  }

  private static func hello(_ settings: CollectorSettings, _ identity: HostIdentity) -> Hello {
    var name = SystemName()
    _ = name.refresh()
    let who = identity.identity
    return Hello(
      hostID: who.hostID, bootID: who.bootID, epoch: who.epoch,
      instance: settings.instance.isEmpty ? name[.node] : settings.instance, labels: settings.labels,
      operatingSystem: name[.system], kernelRelease: name[.release], architecture: name[.machine],
      intervalMilliseconds: UInt32(clamping: settings.interval.saturatedMicroseconds / 1000),
      wallTimeMicroseconds: 0,
      capabilities: CommandKind.allCases.map(\.rawValue),
      forbiddenCommands: settings.remote.forbidden.map(\.rawValue), machineSHA256: identity.machine,
      rekeyedFrom: identity.record.rekeyedFrom)
  }

  private static func uplink(_ settings: CollectorSettings, _ hello: Hello) -> Uplink {
    var uplink = UplinkSettings()
    uplink.heartbeatInterval = settings.heartbeatInterval
    uplink.ring = settings.buffer
    return Uplink(hello: hello, settings: uplink, seed: UInt64.random(in: 0 ... .max))
  }

  private static func link(_ settings: CollectorSettings) -> Link {
    var configuration = ClientConfiguration()
    configuration.userAgent = "muster-collector/\(MusterVersion.current)"
    return Link(
      target: LinkTarget(host: settings.aggregator.host, port: UInt16(clamping: settings.aggregator.port)),
      tls: settings.connectionTLS, configuration: configuration)
  }
}
