import ProcFS

/// What chips and sensors are called in labels.
enum HwmonNames {
  /// Lower case, with an underscore for what no metric's name may have, and none of those around it.
  static func cleaned(_ text: String) -> String {
    var result = ""
    for scalar in text.lowercased().unicodeScalars {
      let isKept =
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == ":" || scalar == "_"
      result.unicodeScalars.append(isKept ? scalar : "_")
    }
    let inner = result.drop { $0 == "_" }
    guard let last = inner.lastIndex(where: { $0 != "_" }) else { return "" }
    return String(inner[...last])
  }

  /// A chip's label: the last two parts of the path of its device, `platform_coretemp_0`, since the number of a
  /// `hwmon` folder depends on which driver came first. Without a device what the driver calls it, or else the
  /// folder's name.
  static func chip(device: String?, name: String, folder: String) -> String {
    let parts = (device ?? "").split(separator: "/").suffix(2).map { cleaned(String($0)) }
    let label = parts.filter { !$0.isEmpty }.joined(separator: "_")
    if let last = parts.last, !last.isEmpty { return label }
    let own = cleaned(name)
    return own.isEmpty ? cleaned(folder) : own
  }
}
