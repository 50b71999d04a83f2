import ProcFS

/// `/sys/devices/system/edac/mc`: errors of memory, by controller, by row and by module.
/// Documentation/admin-guide/RAS/main.rst
enum MemoryControllers {
  static let attributes = controllerAttributes + rowAttributes + moduleAttributes

  /// What no row can be blamed for is the row `unknown`.
  private static let controllerAttributes: [DeviceFolderSource.Attribute] = [
    .number("ce_count", corrected("", [], "Errors that were corrected."), [.made(controller)]),
    .number("ue_count", uncorrected("", [], "Errors that could not be corrected."), [.made(controller)]),
    .number("ce_noinfo_count", rowCorrected, [.made(controller), .made { _ in "unknown" }]),
    .number("ue_noinfo_count", rowUncorrected, [.made(controller), .made { _ in "unknown" }]),
  ]

  private static let rowAttributes: [DeviceFolderSource.Attribute] = [
    .number("ce_count", rowCorrected, [.made(controller), .made { inner($0) }]),
    .number("ue_count", rowUncorrected, [.made(controller), .made { inner($0) }]),
  ]

  private static let moduleAttributes: [DeviceFolderSource.Attribute] = [
    .number(
      "dimm_ce_count", corrected("dimm_", ["dimm", "dimm_label"], "Errors of a module that were corrected."),
      [.made(controller), .made { inner($0) }, .file("dimm_label")]),
    .number(
      "dimm_ue_count",
      uncorrected("dimm_", ["dimm", "dimm_label"], "Errors of a module that could not be corrected."),
      [.made(controller), .made { inner($0) }, .file("dimm_label")]),
  ]

  private static let rowCorrected = corrected("csrow_", ["csrow"], "Errors of a row that were corrected.")
  private static let rowUncorrected = uncorrected(
    "csrow_", ["csrow"], "Errors of a row that could not be corrected.")

  private static func corrected(_ of: String, _ labels: [String], _ help: String) -> Metric {
    .counter("node_edac_\(of)correctable_errors_total", help, labels: ["controller"] + labels)
  }

  private static func uncorrected(_ of: String, _ labels: [String], _ help: String) -> Metric {
    .counter("node_edac_\(of)uncorrectable_errors_total", help, labels: ["controller"] + labels)
  }

  /// 0 of `mc0/csrow3`.
  @Sendable private static func controller(_ path: String) -> String {
    String(path.prefix { $0 != "/" }.dropFirst("mc".count))
  }

  /// 3 of `mc0/csrow3`.
  private static func inner(_ path: String) -> String {
    String(path.split(separator: "/").last?.drop { !$0.isNumber } ?? "")
  }

  static func source(root: ProcRoot) -> SourceGroup {
    func folders(_ inner: [String], _ attributes: [DeviceFolderSource.Attribute]) -> DeviceFolderSource {
      DeviceFolderSource(
        root: root, folder: "sys/devices/system/edac/mc", isDevice: { isNumbered($0, "mc") },
        inner: inner.isEmpty
          ? nil : .init(folder: nil, isDevice: { name in inner.contains { isNumbered(name, $0) } }),
        attributes: attributes)
    }
    return SourceGroup([
      folders([], controllerAttributes), folders(["csrow"], rowAttributes),
      folders(["dimm", "rank"], moduleAttributes),
    ])
  }

  private static func isNumbered(_ name: String, _ prefix: String) -> Bool {
    name.hasPrefix(prefix) && name.dropFirst(prefix.count).first?.isNumber == true
  }
}
