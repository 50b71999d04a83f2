/// What a zone in `/sys/class/powercap` is called: `package-1` is number 1 of the packages. A name that ends with no
/// number (`core`, `dram`, `psys`), or has more than one (`package-0-die-1`), stands for itself.
public struct PowerZoneName: Hashable, Sendable {
  /// `package`, `core`.
  public let name: String
  /// Its number, if the name ends with one.
  public let number: Int?

  /// The text of a zone's file `name`, without the newline.
  public init(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 2, let number = Int(parts[1]) {
      name = String(parts[0])
      self.number = number
    } else {
      name = text
      number = nil
    }
  }
}
