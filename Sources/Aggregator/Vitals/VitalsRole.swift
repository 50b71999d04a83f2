import Wire

/// What a series means for a host's vitals. Most series mean nothing.
enum VitalsRole: UInt8, Sendable, CaseIterable {
  case none
  case cpuIdle, cpuWaiting, cpuBusy
  case memoryTotal, memoryAvailable
  case diskRead, diskWritten
  case networkReceived, networkTransmitted
  case pressureCPU, pressureMemory, pressureIO
  case load1

  /// The role of a series, from its name and labels alone.
  init(name: String, labels: [Label]) {
    func label(_ name: String) -> String { labels.first { $0.name == name }?.value ?? "" }
    self =
      switch name {
      case "node_cpu_seconds_total": Self.processorRole(mode: label("mode"))
      case "node_memory_MemTotal_bytes": .memoryTotal
      case "node_memory_MemAvailable_bytes": .memoryAvailable
      case "node_disk_read_bytes_total": BlockDevice.isWholeDisk(label("device")) ? .diskRead : .none
      case "node_disk_written_bytes_total": BlockDevice.isWholeDisk(label("device")) ? .diskWritten : .none
      case "node_network_receive_bytes_total":
        NetworkDevice.isOutward(label("device")) ? .networkReceived : .none
      case "node_network_transmit_bytes_total":
        NetworkDevice.isOutward(label("device")) ? .networkTransmitted : .none
      case "node_pressure_cpu_waiting_seconds_total": .pressureCPU
      case "node_pressure_memory_waiting_seconds_total": .pressureMemory
      case "node_pressure_io_waiting_seconds_total": .pressureIO
      case "node_load1": .load1
      default: .none
      }
  }

  /// Gauges are taken as they are; everything else is counted between two frames.
  var isGauge: Bool {
    switch self {
    case .memoryTotal, .memoryAvailable, .load1: true
    default: false
    }
  }

  private static func processorRole(mode: String) -> VitalsRole {
    switch mode {
    case "idle": .cpuIdle
    case "iowait": .cpuWaiting
    default: .cpuBusy
    }
  }
}
