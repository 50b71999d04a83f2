/// `/run/udev/data/b<major>:<minor>`: what udev found out about a block device.
///
///     S:disk/by-id/ata-EXAMPLE_SSD_0001
///     E:ID_MODEL=EXAMPLE_SSD
///     E:ID_SERIAL_SHORT=0001
///
/// Only the lines of properties, `E:`, are read.
public struct UdevProperties {
  /// Where the files are, relative to a ``ProcRoot``.
  public static func path(major: Int64, minor: Int64) -> String {
    "run/udev/data/b\(major):\(minor)"
  }

  /// More properties than this are passed over.
  public static let maximumProperties = 1024

  /// Values by name.
  public private(set) var values: [String: String] = [:]

  /// The properties in `text`; of a name that comes twice, the later value.
  public init(_ text: UnsafeRawBufferPointer) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard line.starts(with: "E:".utf8), let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
        continue
      }
      let name = String(decoding: line[(line.startIndex + 2)..<equals], as: UTF8.self)
      guard values.count < Self.maximumProperties || values[name] != nil else { continue }
      values[name] = String(decoding: line[(equals + 1)...], as: UTF8.self)
    }
  }

  /// No properties: udev does not know the device, or there is no udev.
  public init() {}

  /// A value, empty if there is none.
  public subscript(name: String) -> String {
    values[name] ?? ""
  }
}
