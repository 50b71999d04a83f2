internal import CProtobufC
internal import GRPC

/// A host at a glance, over its last interval. Ratios are 0 to 1. A figure that could not be computed
/// (first frame, or the kernel does not have it) is NaN.
public struct Vitals: Hashable, Sendable {
  /// Time of all CPUs not spent idle or waiting for I/O.
  public var cpuBusyRatio = Double.nan
  /// 1 - MemAvailable / MemTotal.
  public var memoryUsedRatio = Double.nan
  /// Load average of the last minute.
  public var load1 = Double.nan
  /// Over all disks.
  public var diskReadBytesPerSecond = Double.nan
  /// Over all disks.
  public var diskWrittenBytesPerSecond = Double.nan
  /// Over all interfaces but loopback.
  public var networkReceiveBytesPerSecond = Double.nan
  /// Over all interfaces but loopback.
  public var networkTransmitBytesPerSecond = Double.nan
  /// Share of the interval in which some task waited for a CPU.
  public var pressureCPURatio = Double.nan
  /// Share of the interval in which some task waited for memory.
  public var pressureMemoryRatio = Double.nan
  /// Share of the interval in which some task waited for I/O.
  public var pressureIORatio = Double.nan
  /// `cpuBusyRatio` of the last frames, oldest first.
  public var cpuHistory: [Float] = []
  /// CPUs online; 0: not known.
  public var cpus: UInt32 = 0
  /// MemTotal.
  public var memoryTotalBytes = Double.nan

  /// Vitals of which nothing is known yet.
  public init() {}
}

extension Vitals: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Vitals>) { muster__v1__vitals__init(packed) }

  init(_ packed: Muster__V1__Vitals) throws(Status) {
    cpuBusyRatio = packed.cpu_busy_ratio
    memoryUsedRatio = packed.memory_used_ratio
    load1 = packed.load1
    diskReadBytesPerSecond = packed.disk_read_bytes_per_second
    diskWrittenBytesPerSecond = packed.disk_written_bytes_per_second
    networkReceiveBytesPerSecond = packed.network_receive_bytes_per_second
    networkTransmitBytesPerSecond = packed.network_transmit_bytes_per_second
    pressureCPURatio = packed.pressure_cpu_ratio
    pressureMemoryRatio = packed.pressure_memory_ratio
    pressureIORatio = packed.pressure_io_ratio
    cpuHistory = try column(
      packed.cpu_history, packed.n_cpu_history, "cpu_history", MessageLimits.historyValues)
    cpus = packed.cpus
    memoryTotalBytes = packed.memory_total_bytes
  }

  func fill(_ packed: inout Muster__V1__Vitals, _ arena: Arena) {
    packed.cpu_busy_ratio = cpuBusyRatio
    packed.memory_used_ratio = memoryUsedRatio
    packed.load1 = load1
    packed.disk_read_bytes_per_second = diskReadBytesPerSecond
    packed.disk_written_bytes_per_second = diskWrittenBytesPerSecond
    packed.network_receive_bytes_per_second = networkReceiveBytesPerSecond
    packed.network_transmit_bytes_per_second = networkTransmitBytesPerSecond
    packed.pressure_cpu_ratio = pressureCPURatio
    packed.pressure_memory_ratio = pressureMemoryRatio
    packed.pressure_io_ratio = pressureIORatio
    (packed.n_cpu_history, packed.cpu_history) = arena.column(cpuHistory)
    packed.cpus = cpus
    packed.memory_total_bytes = memoryTotalBytes
  }
}
