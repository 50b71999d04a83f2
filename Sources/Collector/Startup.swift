internal import CLinux
import GRPC
import Glibc
import Link
import Logging
import ProcFS
import Settings
import StructuredLog
import Wire

/// From settings to a running loop.
enum Startup {
  /// Freed memory above this goes back to the kernel, and blocks as large are mapped, not taken from
  /// the heap. Named, so that glibc does not raise either by itself (mallopt(3)).
  private static let mallocThresholdBytes: Int32 = 128 * 1024

  /// Runs the collector until a signal ends it.
  static func run(_ settings: CollectorSettings) throws(CollectorFailure) {
    saveMemory()
    let signals = try StopSignals()
    StructuredLog.bootstrap(format: settings.logFormat, level: settings.logLevel)
    let logger = Logger(label: "collector")
    let directory = try StateDirectory(settings.stateDirectory)
    let identity = try identify(directory, root: settings.root, logger: logger)
    logger.info(
      "muster-collector \(MusterVersion.current) starts: \(summary(settings))",
      metadata: ["host_id": "\(identity.hostID)", "epoch": "\(identity.epoch)"])
    warn(settings, logger)

    let driver = LinkDriver(
      uplink: uplink(settings, identity), link: link(settings),
      log: ConnectionLog(logger: logger, target: settings.aggregator.description))
    let loop = try CollectorLoop(
      driver: driver, sampler: sampler(settings), interval: settings.interval, signals: signals,
      logger: logger)
    try loop.run()
    // The lock on the folder is held until here.
    withExtendedLifetime(directory) {}
  }

  /// One line for people: where to, how, how often.
  static func summary(_ settings: CollectorSettings) -> String {
    let security = settings.connectionTLS == nil ? "in plaintext" : "over TLS"
    return "to \(settings.aggregator) \(security), every \(DurationText.text(settings.interval))"
  }

  static func sampler(_ settings: CollectorSettings) -> Sampler {
    Sampler(root: ProcRoot(path: settings.root), filters: settings.filters, clock: Clocks.awakeNanoseconds)
  }

  /// One arena for all threads (resolving a name takes a second one for a moment), and nothing kept.
  private static func saveMemory() {
    mallopt(M_ARENA_MAX, 1)
    mallopt(M_MMAP_THRESHOLD, mallocThresholdBytes)
    mallopt(M_TRIM_THRESHOLD, mallocThresholdBytes)
  }

  private static func identify(
    _ directory: StateDirectory, root: String, logger: Logger
  ) throws(CollectorFailure) -> Identity {
    let source = IdentitySource(root: root)
    var damage: String?
    let last = directory.readIdentity(damage: &damage)
    let (record, wasCloned) = IdentityRecord.next(
      after: last, machine: source.machine(), wallSeconds: Clocks.reading().wallMicroseconds / 1_000_000,
      freshHostID: IdentitySource.freshHostID)
    try directory.writeIdentity(record)
    if let damage {
      logger.warning("the identity was damaged and is put aside; this host gets a new one: \(damage)")
    }
    if wasCloned {
      logger.warning(
        "the identity was made on another machine, of which this one is a clone; it gets a new one",
        metadata: ["other_host_id": "\(last?.hostID ?? "")"])
    }
    return Identity(hostID: record.hostID, bootID: source.bootID(), epoch: record.epoch)
  }

  private static func warn(_ settings: CollectorSettings, _ logger: Logger) {
    if settings.insecure, !settings.aggregator.isLoopback {
      logger.warning("insecure: samples go to \(settings.aggregator) unencrypted and unauthenticated")
    }
  }

  private static func uplink(_ settings: CollectorSettings, _ identity: Identity) -> Uplink {
    var name = SystemName()
    _ = name.refresh()
    let hello = Hello(
      hostID: identity.hostID, bootID: identity.bootID, epoch: identity.epoch,
      instance: settings.instance.isEmpty ? name[.node] : settings.instance, labels: settings.labels,
      operatingSystem: name[.system], kernelRelease: name[.release], architecture: name[.machine],
      intervalMilliseconds: UInt32(settings.interval.saturatedMicroseconds / 1000), wallTimeMicroseconds: 0)
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
