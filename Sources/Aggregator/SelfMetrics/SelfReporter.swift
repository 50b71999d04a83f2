import GRPC
import Wire

/// Makes the aggregator a host of its own fleet: it says Hello and sends frames through the same sessions as everyone,
/// without a connection.
///
/// It is recognised by its label `job="muster-aggregator"`; collectors have no `job`, so `!job` is the fleet without it.
/// It has no `node_*` series, hence no vitals but dashes: the machine under it is the business of a collector.
final class SelfReporter {
  /// How often it reports.
  static let interval = Duration.seconds(5)
  /// The label that tells it from collectors.
  static let label = Label("job", "muster-aggregator")

  private let identity: HostIdentity
  private let system: HostSystem
  private var control: ControlSession
  private let ingest: IngestSession
  private var encoder = FrameEncoder()
  private let descriptors = SelfSeries.all.map(\.descriptor)
  private var sequence: UInt64 = 0
  private var buffer: [UInt8] = []

  /// - Parameter started: the epoch: one per start of the program.
  init(fleet: Fleet, instance: String, bootID: String, system: HostSystem, started: Moment) {
    identity = HostIdentity(
      hostID: Self.hostID(of: instance), bootID: bootID, epoch: UInt64(max(1, started.wallMicroseconds)),
      instance: instance, labels: [Self.label])
    self.system = system
    // Nobody reads what it would be sent.
    let line = ControlLine(token: fleet.counters.attachmentsEver.add(), deliver: { _ in })
    control = ControlSession(fleet: fleet, address: "", line: line, isOwn: true)
    ingest = IngestSession(fleet: fleet, address: "")
  }

  /// Reports once. The first report says Hello.
  func report(_ figures: SelfFigures, at now: Moment) throws(Status) {
    if sequence == 0 { _ = try control.receive(.hello(hello(at: now)), at: now) }
    sequence += 1
    let values = SelfSeries.all.map { $0.read(figures) }
    buffer.removeAll(keepingCapacity: true)
    values.map { $0 ?? 0 }.withUnsafeBufferPointer { raw in
      values.map { $0 != nil }.withUnsafeBufferPointer { present in
        _ = encoder.encode(
          sequence: sequence, wallTimeMicroseconds: now.wallMicroseconds,
          monotonicMicroseconds: UInt64(max(0, now.instant.nanoseconds / 1000)), descriptors: descriptors,
          values: raw, present: present, opening: sequence == 1 ? opening : nil, into: &buffer)
      }
    }
    _ = try withBytes { bytes throws(Status) in try ingest.receive(bytes, at: now) }
  }

  private func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(Status) -> R) throws(Status) -> R {
    try buffer.withUnsafeBufferPointer { bytes throws(Status) in try body(UnsafeRawBufferPointer(bytes)) }
  }

  private var opening: StreamOpening {
    StreamOpening(
      hostID: identity.hostID, bootID: identity.bootID, epoch: identity.epoch, instance: identity.instance,
      labels: identity.labels)
  }

  private func hello(at now: Moment) -> Hello {
    Hello(
      hostID: identity.hostID, bootID: identity.bootID, epoch: identity.epoch, instance: identity.instance,
      labels: identity.labels, operatingSystem: system.operatingSystem, kernelRelease: system.kernelRelease,
      architecture: system.architecture, intervalMilliseconds: Self.interval.wholeMilliseconds,
      wallTimeMicroseconds: now.wallMicroseconds)
  }

  /// Always the same for the same name, so that a restart is the same host: the FNV-1a hash of the name, 128 bits of it.
  private static func hostID(of instance: String) -> String {
    func hash(_ seed: UInt64) -> String {
      let value = ("muster-aggregator/" + instance).utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
    return hash(0xcbf2_9ce4_8422_2325) + hash(0x8422_2325_cbf2_9ce4)
  }
}
