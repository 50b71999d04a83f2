import ProcFS
import Wire

/// `/sys/class/dmi/id`: `node_dmi_info`, what the firmware says about the machine. It is read once: it stays as it is
/// until the next boot.
struct FirmwareSource: Source {
  private static let folder = "sys/class/dmi/id"
  private static let labels = [
    "bios_date", "bios_release", "bios_vendor", "bios_version", "board_asset_tag", "board_name",
    "board_serial", "board_vendor", "board_version", "chassis_asset_tag", "chassis_serial", "chassis_vendor",
    "chassis_version", "product_family", "product_name", "product_serial", "product_sku", "product_uuid",
    "product_version", "system_vendor",
  ]
  private static func info(_ labels: [String]) -> Metric {
    .gauge("node_dmi_info", "What the firmware says about the machine; always 1.", labels: labels)
  }

  static let metrics = [info(labels)]

  private let root: ProcRoot
  private var series: FixedSeries?

  init(root: ProcRoot) {
    self.root = root
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    if series == nil { series = try read(&buffer) }
    if let id = series?.first(in: &table) { table.set(id, 1) }
  }

  mutating func forgetSeries() {
    series?.forget()
  }

  /// With a label for each file that may be read: serial numbers are for root only.
  private func read(_ buffer: inout ReadBuffer) throws(KernelError) -> FixedSeries? {
    let names = Set(try FolderNames.list(Self.folder, of: root))
    var facts: [(label: String, value: String)] = []
    for label in Self.labels {
      let name = label == "system_vendor" ? "sys_vendor" : label
      let file = KernelFile("\(Self.folder)/\(name)", of: root, shape: .record, isKept: false)
      guard names.contains(name), let text = try? file.read(into: &buffer) else { continue }
      facts.append((label, AttributeText.string(text)))
    }
    return facts.isEmpty ? nil : FixedSeries([Self.info(facts.map(\.label))], facts.map(\.value))
  }
}
