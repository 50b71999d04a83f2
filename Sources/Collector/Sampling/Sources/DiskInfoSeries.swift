import ProcFS
import Wire

/// What udev knows about a block device, as series that never change: `node_disk_info`,
/// `node_disk_filesystem_info`, `node_disk_device_mapper_info`, `node_disk_ata_*`.
///
/// It is read when the device is first seen, and its labels stay as they were then.
struct DiskInfoSeries {
  private static let ataFields: [(property: String, name: String)] = [
    ("ID_ATA_WRITE_CACHE", "node_disk_ata_write_cache"),
    ("ID_ATA_WRITE_CACHE_ENABLED", "node_disk_ata_write_cache_enabled"),
    ("ID_ATA_ROTATION_RATE_RPM", "node_disk_ata_rotation_rate_rpm"),
  ]

  private var values: [(id: Int, value: Int64)] = []

  init(of device: DiskStats.Device, named name: String, root: ProcRoot, in table: inout SampleTable) {
    let udev = Self.properties(major: device.major, minor: device.minor, root: root)
    let label = Label("device", name)
    add(
      "node_disk_info", in: &table,
      labels: [
        label, Label("major", "\(device.major)"), Label("minor", "\(device.minor)"),
        Label("path", udev["ID_PATH"]), Label("wwn", udev["ID_WWN"]), Label("model", udev["ID_MODEL"]),
        Label("serial", udev["ID_SERIAL_SHORT"]), Label("revision", udev["ID_REVISION"]),
      ])
    if !udev["ID_FS_TYPE"].isEmpty {
      add(
        "node_disk_filesystem_info", in: &table,
        labels: [
          label, Label("type", udev["ID_FS_TYPE"]), Label("usage", udev["ID_FS_USAGE"]),
          Label("uuid", udev["ID_FS_UUID"]), Label("version", udev["ID_FS_VERSION"]),
        ])
    }
    if !udev["DM_NAME"].isEmpty {
      add(
        "node_disk_device_mapper_info", in: &table,
        labels: [
          label, Label("name", udev["DM_NAME"]), Label("uuid", udev["DM_UUID"]),
          Label("vg_name", udev["DM_VG_NAME"]), Label("lv_name", udev["DM_LV_NAME"]),
          Label("lv_layer", udev["DM_LV_LAYER"]),
        ])
    }
    guard !udev["ID_ATA"].isEmpty else { return }
    for field in Self.ataFields {
      if let value = Int64(udev[field.property]) { add(field.name, value, in: &table, labels: [label]) }
    }
  }

  /// Sets them.
  func show(in table: inout SampleTable) {
    for (id, value) in values { table.set(id, value) }
  }

  private mutating func add(
    _ name: String, _ value: Int64 = 1, in table: inout SampleTable, labels: [Label]
  ) {
    if let id = table.register(SeriesDescriptor(name, labels: labels, kind: .gauge)) {
      values.append((id, value))
    }
  }

  private static func properties(major: Int64, minor: Int64, root: ProcRoot) -> UdevProperties {
    // Rare, and not in the middle of the pass's own text: a buffer of its own.
    var buffer = ReadBuffer()
    let file = KernelFile(UdevProperties.path(major: major, minor: minor), of: root)
    guard let text = try? file.read(into: &buffer) else { return UdevProperties() }
    return UdevProperties(text)
  }
}
