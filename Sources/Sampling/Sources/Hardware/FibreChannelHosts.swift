import ProcFS

/// `/sys/class/fc_host`: each adapter's port, and what went through it. What an adapter does not count is absent.
enum FibreChannelHosts {
  static let attributes: [DeviceFolderSource.Attribute] =
    [
      .info(
        .gauge("node_fibrechannel_info", "What a port is, and how it is; always 1.", labels: labels),
        labelValues)
    ]
    + counters.map { file, name, help in
      .init(
        file: "statistics/\(file)", metric: .counter("node_fibrechannel_\(name)", help, labels: ["fc_host"]),
        labels: [.name], value: FibreChannelText.counter)
    }

  private static let labels = [
    "fc_host", "speed", "port_state", "port_type", "port_id", "port_name", "fabric_name", "symbolic_name",
    "supported_classes", "supported_speeds", "dev_loss_tmo",
  ]

  private static let labelValues: [DeviceFolderSource.LabelValue] = [
    .name, .file("speed"), .file("port_state"), .file("port_type"), .read("port_id", FibreChannelText.name),
    .read("port_name", FibreChannelText.name), .read("fabric_name", FibreChannelText.name),
    .file("symbolic_name"), .file("supported_classes"), .file("supported_speeds"), .file("dev_loss_tmo"),
  ]

  private static let counters = [
    ("dumped_frames", "dumped_frames_total", "Frames dropped for want of buffers."),
    ("error_frames", "error_frames_total", "Frames with errors."),
    ("invalid_crc_count", "invalid_crc_total", "Frames with a wrong checksum."),
    ("rx_frames", "rx_frames_total", "Frames received."),
    ("rx_words", "rx_words_total", "Words of four bytes received."),
    ("tx_frames", "tx_frames_total", "Frames sent."),
    ("tx_words", "tx_words_total", "Words of four bytes sent."),
    ("seconds_since_last_reset", "seconds_since_last_reset_total", "Seconds since the counters were reset."),
    ("invalid_tx_word_count", "invalid_tx_words_total", "Invalid words."),
    ("link_failure_count", "link_failure_total", "Failures of the link."),
    ("loss_of_sync_count", "loss_of_sync_total", "Losses of synchronization."),
    ("loss_of_signal_count", "loss_of_signal_total", "Losses of the signal."),
    ("nos_count", "nos_total", "Not-operational sequences received."),
    ("fcp_packet_aborts", "fcp_packet_aborts_total", "Packets aborted."),
  ]

  static func source(root: ProcRoot) -> DeviceFolderSource {
    DeviceFolderSource(root: root, folder: "sys/class/fc_host", attributes: attributes)
  }
}
