import ProcFS

/// `/sys/class/watchdog`: `node_watchdog_*`, as later versions of node_exporter have them. See the kernel's
/// Documentation/ABI/testing/sysfs-class-watchdog.
enum WatchdogSource {
  private static let attributes: [DeviceFolderSource.Attribute] = [
    number("bootstatus", "bootstatus", "Why the machine was started: the driver's bits `WDIOF_…`."),
    number("fw_version", "fw_version", "Version of the watchdog's firmware."),
    number("nowayout", "nowayout", "Whether a watchdog cannot be stopped once it runs: 1 or 0."),
    number("timeleft", "timeleft_seconds", "Time until the machine is restarted."),
    number("timeout", "timeout_seconds", "Time that a watchdog waits for a sign of life."),
    number("pretimeout", "pretimeout_seconds", "How long before the restart there is a warning; 0: none."),
    number("access_cs0", "access_cs0", "Whether a BMC's second boot area is in use: 1 or 0."),
    .info(
      .gauge(
        "node_watchdog_info", "A watchdog; always 1.",
        labels: ["name", "options", "identity", "state", "status", "pretimeout_governor"]),
      [
        .name, .file("options"), .file("identity"), .file("state"), .file("status"),
        .file("pretimeout_governor"),
      ]
    ),
  ]

  static let metrics = attributes.map(\.metric)

  static func make(root: ProcRoot) -> DeviceFolderSource {
    DeviceFolderSource(root: root, folder: "sys/class/watchdog", attributes: attributes)
  }

  private static func number(_ file: String, _ name: String, _ help: String) -> DeviceFolderSource.Attribute {
    .number(file, .gauge("node_watchdog_\(name)", help, labels: ["name"]))
  }
}
