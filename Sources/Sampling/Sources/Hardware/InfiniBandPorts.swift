import ProcFS

/// `/sys/class/infiniband/*/ports/*`: each port's state, and what went through it.
/// Documentation/ABI/stable/sysfs-class-infiniband
enum InfiniBandPorts {
  /// Of an adapter: `node_infiniband_info`.
  static let info = DeviceFolderSource.Attribute.info(
    .gauge(
      "node_infiniband_info", "What an adapter is; always 1.",
      labels: ["board_id", "device", "firmware_version", "hca_type"]),
    [.file("board_id"), .name, .file("fw_ver"), .file("hca_type")])

  /// Of a port.
  static let attributes: [DeviceFolderSource.Attribute] =
    [
      gauge(
        "state", "state_id",
        "State of a port: 0 no change, 1 down, 2 initializing, 3 armed, 4 active, 5 active deferred.",
        InfiniBandText.state),
      gauge(
        "phys_state", "physical_state_id",
        """
        Physical state of a port: 0 no change, 1 sleep, 2 polling, 3 disabled, 4 shift, 5 link up, \
        6 link error recovery, 7 PHY test.
        """, InfiniBandText.state),
      gauge("rate", "rate_bytes_per_second", "How fast a port can send.", InfiniBandText.rate),
    ]
    + counters.map { counter("counters/\($0)", $1, $2) }
    + legacyCounters.map { counter("counters_ext/\($0)", "legacy_\($1)", $2) }

  /// Files, names and what they say.
  private static let counters = [
    (
      "excessive_buffer_overrun_errors", "excessive_buffer_overrun_errors_total",
      "Overruns of buffers, again and again."
    ),
    ("link_downed", "link_downed_total", "Times the link failed and did not recover."),
    ("link_error_recovery", "link_error_recovery_total", "Times the link recovered from an error."),
    (
      "local_link_integrity_errors", "local_link_integrity_errors_total",
      "Local errors beyond what is tolerated."
    ),
    ("multicast_rcv_packets", "multicast_packets_received_total", "Multicast packets received."),
    ("multicast_xmit_packets", "multicast_packets_transmitted_total", "Multicast packets sent."),
    (
      "port_rcv_constraint_errors", "port_constraint_errors_received_total",
      "Packets a switch discarded on receipt."
    ),
    (
      "port_xmit_constraint_errors", "port_constraint_errors_transmitted_total",
      "Packets a switch did not send."
    ),
    ("port_rcv_data", "port_data_received_bytes_total", "Bytes received."),
    ("port_xmit_data", "port_data_transmitted_bytes_total", "Bytes sent."),
    (
      "port_rcv_discards", "port_discards_received_total",
      "Packets discarded on receipt: port down or congested."
    ),
    ("port_xmit_discards", "port_discards_transmitted_total", "Packets not sent: port down or congested."),
    ("port_rcv_errors", "port_errors_received_total", "Packets received with an error."),
    ("port_rcv_packets", "port_packets_received_total", "Packets received."),
    ("port_xmit_packets", "port_packets_transmitted_total", "Packets sent."),
    (
      "port_rcv_remote_physical_errors", "port_receive_remote_physical_errors_total",
      "Packets marked bad on their way."
    ),
    (
      "port_rcv_switch_relay_errors", "port_receive_switch_relay_errors_total",
      "Packets a switch could not relay."
    ),
    ("port_xmit_wait", "port_transmit_wait_total", "Ticks with something to send and nothing sent."),
    ("symbol_error", "symbol_error_total", "Minor errors of the link."),
    ("unicast_rcv_packets", "unicast_packets_received_total", "Unicast packets received."),
    ("unicast_xmit_packets", "unicast_packets_transmitted_total", "Unicast packets sent."),
    ("VL15_dropped", "vl15_dropped_total", "Subnet management packets dropped for want of buffers."),
  ]

  /// Kernels before 4.5 have counters of 64 bits in a folder of their own.
  private static let legacyCounters = [
    ("port_multicast_rcv_packets", "multicast_packets_received_total", "Multicast packets received."),
    ("port_multicast_xmit_packets", "multicast_packets_transmitted_total", "Multicast packets sent."),
    ("port_rcv_data_64", "data_received_bytes_total", "Bytes received."),
    ("port_rcv_packets_64", "packets_received_total", "Packets received."),
    ("port_unicast_rcv_packets", "unicast_packets_received_total", "Unicast packets received."),
    ("port_unicast_xmit_packets", "unicast_packets_transmitted_total", "Unicast packets sent."),
    ("port_xmit_data_64", "data_transmitted_bytes_total", "Bytes sent."),
    ("port_xmit_packets_64", "packets_transmitted_total", "Packets sent."),
  ]

  private static let labels = ["device", "port"]
  private static let labelValues: [DeviceFolderSource.LabelValue] = [
    .made { String($0.prefix { $0 != "/" }) }, .made { String($0.split(separator: "/").last ?? "") },
  ]

  private static func gauge(
    _ file: String, _ name: String, _ help: String,
    _ value: @escaping @Sendable (UnsafeRawBufferPointer) -> Int64?
  ) -> DeviceFolderSource.Attribute {
    .init(
      file: file, metric: .gauge("node_infiniband_\(name)", help, labels: labels), labels: labelValues,
      value: value)
  }

  /// Data are counted in words of four bytes.
  private static func counter(_ file: String, _ name: String, _ help: String) -> DeviceFolderSource.Attribute
  {
    .number(
      file,
      .counter(
        "node_infiniband_\(name)", help, labels: labels, multiplier: name.hasSuffix("bytes_total") ? 4 : 1),
      labelValues)
  }

  static func source(root: ProcRoot) -> SourceGroup {
    let folder = "sys/class/infiniband"
    return SourceGroup([
      DeviceFolderSource(root: root, folder: folder, attributes: [info]),
      DeviceFolderSource(
        root: root, folder: folder, inner: .init(folder: "ports", isDevice: { _ in true }),
        attributes: attributes),
    ])
  }
}
