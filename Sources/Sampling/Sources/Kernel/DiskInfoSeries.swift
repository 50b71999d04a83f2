import ProcFS
import Wire

/// What udev knows about a block device, as series that never change: `node_disk_info`,
/// `node_disk_filesystem_info`, `node_disk_device_mapper_info`, `node_disk_ata_*`.
///
/// It is read when the device is first seen, and its labels stay as they were then.
struct DiskInfoSeries {
  /// Always 1, and what udev calls the values of the labels behind the first; shown if the property named last
  /// is there.
  private static let infos: [(metric: Metric, properties: [String], condition: String?)] = [
    (
      .gauge(
        "node_disk_info", "What udev knows about a disk; always 1.",
        labels: ["device", "major", "minor", "path", "wwn", "model", "serial", "revision"]),
      ["ID_PATH", "ID_WWN", "ID_MODEL", "ID_SERIAL_SHORT", "ID_REVISION"], nil
    ),
    (
      .gauge(
        "node_disk_filesystem_info", "The file system on a device, as udev knows it; always 1.",
        labels: ["device", "type", "usage", "uuid", "version"]),
      ["ID_FS_TYPE", "ID_FS_USAGE", "ID_FS_UUID", "ID_FS_VERSION"], "ID_FS_TYPE"
    ),
    (
      .gauge(
        "node_disk_device_mapper_info", "What the device mapper calls a device; always 1.",
        labels: ["device", "name", "uuid", "vg_name", "lv_name", "lv_layer"]),
      ["DM_NAME", "DM_UUID", "DM_VG_NAME", "DM_LV_NAME", "DM_LV_LAYER"], "DM_NAME"
    ),
  ]
  private static let ataFields: [(metric: Metric, property: String)] = [
    (
      .gauge("node_disk_ata_write_cache", "Whether an ATA disk has a write cache.", labels: ["device"]),
      "ID_ATA_WRITE_CACHE"
    ),
    (
      .gauge("node_disk_ata_write_cache_enabled", "Whether that cache is on.", labels: ["device"]),
      "ID_ATA_WRITE_CACHE_ENABLED"
    ),
    (
      .gauge(
        "node_disk_ata_rotation_rate_rpm", "How fast an ATA disk turns; 0: it does not.", labels: ["device"]),
      "ID_ATA_ROTATION_RATE_RPM"
    ),
  ]

  static let metrics = infos.map(\.metric) + ataFields.map(\.metric)

  private var values: [(id: Int, value: Int64)] = []

  init(of device: DiskStats.Device, named name: String, root: ProcRoot, in table: inout SampleTable) {
    let udev = Self.properties(major: device.major, minor: device.minor, root: root)
    for info in Self.infos where info.condition.map({ !udev[$0].isEmpty }) ?? true {
      let numbers = info.condition == nil ? ["\(device.major)", "\(device.minor)"] : []
      add(info.metric, [name] + numbers + info.properties.map { udev[$0] }, 1, in: &table)
    }
    guard !udev["ID_ATA"].isEmpty else { return }
    for field in Self.ataFields {
      if let value = Int64(udev[field.property]) { add(field.metric, [name], value, in: &table) }
    }
  }

  /// Sets them.
  func show(in table: inout SampleTable) {
    for (id, value) in values { table.set(id, value) }
  }

  private mutating func add(
    _ metric: Metric, _ labels: [String], _ value: Int64, in table: inout SampleTable
  ) {
    if let id = table.register(metric.series(named: metric.name, labels)) { values.append((id, value)) }
  }

  private static func properties(major: Int64, minor: Int64, root: ProcRoot) -> UdevProperties {
    // Rare, and not in the middle of the pass's own text: a buffer of its own.
    var buffer = ReadBuffer()
    let file = KernelFile(UdevProperties.path(major: major, minor: minor), of: root)
    guard let text = try? file.read(into: &buffer) else { return UdevProperties() }
    return UdevProperties(text)
  }
}
