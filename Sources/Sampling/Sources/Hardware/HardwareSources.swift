import ProcFS

extension SourceCatalogue {
  /// Sensors, power, memory errors: what there is depends on the machine.
  ///
  /// Where reading asks a device, over I2C, ACPI or its firmware, the answer may take milliseconds, or never come.
  static let hardware: [SourceKind] = [
    device("thermal", "/sys/class/thermal/*", mayBlock: true, ThermalDevices.attributes) {
      ThermalDevices.source(root: $0.root)
    },
    SourceKind(
      "hwmon", reads: ["/sys/class/hwmon/*"],
      about: """
        Each number a driver shows, with its limits and alarms. `chip` is made of the path of the chip's device. \
        As in node_exporter, flags like `temp1_crit_alarm` have the sensor's unit: not 0 means yes. Unlike there, \
        humidity is a ratio (node_exporter shows a tenth of it).
        """, interval: .seconds(5), mayBlock: true, metrics: HwmonMetrics.all
    ) { HwmonSource(root: $0.root) },
    device("powersupply", "/sys/class/power_supply/*", mayBlock: true, PowerSupplies.attributes) {
      PowerSupplies.source(root: $0.root)
    },
    device("edac", "/sys/devices/system/edac/mc/*", MemoryControllers.attributes) {
      MemoryControllers.source(root: $0.root)
    },
    SourceKind(
      "rapl", reads: ["/sys/class/powercap/*/energy_uj"],
      about: """
        The kernel's counter wraps at `max_energy_range_uj`, and is shown as it is. Since Linux 5.10 only root may \
        read it.
        """, interval: .seconds(5), metrics: [RaplSource.metric]
    ) { RaplSource(root: $0.root) },
    device("nvme", "/sys/class/nvme/*", mayBlock: true, NVMeControllers.attributes) {
      NVMeControllers.source(root: $0.root)
    },
    SourceKind(
      "bonding", reads: ["/sys/class/net/bonding_masters", "/sys/class/net/*/bonding/slaves"],
      interval: .seconds(5), mayBlock: true, metrics: BondingSource.metrics
    ) { BondingSource(root: $0.root) },
    device(
      "infiniband", "/sys/class/infiniband/*/ports/*", mayBlock: true,
      [InfiniBandPorts.info] + InfiniBandPorts.attributes
    ) {
      InfiniBandPorts.source(root: $0.root)
    },
    device("fibrechannel", "/sys/class/fc_host/*", mayBlock: true, FibreChannelHosts.attributes) {
      FibreChannelHosts.source(root: $0.root)
    },
    device("tapestats", "/sys/class/scsi_tape/st*/stats", Tapes.attributes) { Tapes.source(root: $0.root) },
  ]

  private static func device(
    _ name: String, _ path: String, mayBlock: Bool = false, _ attributes: [DeviceFolderSource.Attribute],
    make: @escaping @Sendable (SourceContext) -> any Source
  ) -> SourceKind {
    var metrics: [Metric] = []
    for attribute in attributes where !metrics.contains(where: { $0.name == attribute.metric.name }) {
      metrics.append(attribute.metric)
    }
    return SourceKind(
      name, reads: [path], interval: .seconds(5), mayBlock: mayBlock, metrics: metrics, make: make)
  }
}
