/// Names of files and folders made of what came from a host. Nothing from the wire becomes a path: letters,
/// digits, `.`, `_` and `-` alone, no leading dot, so no separator, no `..`, no hidden file.
enum PlainName {
  static let lengthMaximum = 64

  /// Whether a name is one as it stands.
  static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= lengthMaximum else { return false }
    return first != UInt8(ascii: ".") && first != UInt8(ascii: "-") && name.utf8.allSatisfy(isAllowed)
  }

  /// A folder's name for a host: its own name where that is plain and not taken, else what is left of it
  /// and the beginning of its id.
  static func folder(instance: String, hostID: String, taken: Set<String>) -> String {
    if isPlain(instance), !taken.contains(instance) { return instance }
    let kept = instance.utf8.map { isAllowed($0) ? $0 : UInt8(ascii: "_") }
      .drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    let id = hostID.utf8.filter(isHexadecimal).prefix(32)
    let base = String(decoding: kept.prefix(24), as: UTF8.self) + "." + String(decoding: id, as: UTF8.self)
    let start = base.hasPrefix(".") ? "host" + base : base
    var name = start
    var number = 2
    while taken.contains(name) {
      name = "\(start).\(number)"
      number += 1
    }
    return name
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
