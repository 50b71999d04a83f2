import ProcFS

/// `/sys/class/nvme`: what each controller is, and its state (`live`, `resetting`, `dead`).
enum NVMeControllers {
  static let attributes: [DeviceFolderSource.Attribute] = [
    .info(
      .gauge(
        "node_nvme_info", "What an NVMe controller is, and its state; always 1.",
        labels: ["device", "firmware_revision", "model", "serial", "state"]),
      [.name, .file("firmware_rev"), .file("model"), .file("serial"), .file("state")])
  ]

  static func source(root: ProcRoot) -> DeviceFolderSource {
    DeviceFolderSource(
      root: root, folder: "sys/class/nvme", isDevice: { $0.hasPrefix("nvme") }, attributes: attributes)
  }
}
