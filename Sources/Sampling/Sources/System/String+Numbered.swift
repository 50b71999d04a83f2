extension String {
  /// Whether it is `prefix` and a number: `cpu12`, but not `cpufreq`.
  func isNumbered(_ prefix: String) -> Bool {
    let digits = utf8.dropFirst(prefix.utf8.count)
    return hasPrefix(prefix) && !digits.isEmpty
      && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }
}
