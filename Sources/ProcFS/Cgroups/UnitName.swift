/// Names of systemd's units as they stand in cgroup folders.
public enum UnitName {
  /// The name with systemd's escapes undone: `machine-qemu\x2d1\x2dweb.scope` is `machine-qemu-1-web.scope`. See
  /// systemd-escape(1). A backslash that starts no escape stands for itself.
  public static func decoded(_ name: some StringProtocol) -> String {
    guard name.utf8.contains(UInt8(ascii: "\\")) else { return String(name) }
    var bytes: [UInt8] = []
    var rest = Substring(name).utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
        let value = UInt8(hexadecimal: rest.dropFirst().prefix(2))
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The pattern that a name follows whose like come and go all day, and mean nothing one by one; nil for others.
  ///
  ///     session-12.scope, session-c1.scope           session-*.scope
  ///     run-r<32 hex>.service, run-u17.scope         run-*.service, run-*.scope
  ///     sshd@3-10.0.0.1:22-10.0.0.9:5022.service     sshd@*.service
  ///     libpod-conmon-<64 hex>.scope                 libpod-conmon-*.scope
  ///     vte-spawn-<uuid>.scope                       vte-spawn-*.scope
  ///     app-gnome-firefox-4711.scope                 app-gnome-firefox-*.scope
  public static func pattern(ofShortLived name: String) -> String? {
    for suffix in [".scope", ".service"] where name.hasSuffix(suffix) {
      return stemPattern(name.dropLast(suffix.count), isScope: suffix == ".scope").map { $0 + suffix }
    }
    return nil
  }

  private static func stemPattern(_ stem: Substring, isScope: Bool) -> String? {
    if stem.hasPrefix("session-"), isSessionNumber(stem.dropFirst("session-".count)) { return "session-*" }
    if stem.hasPrefix("run-"), isRunNumber(stem.dropFirst("run-".count)) { return "run-*" }
    if let at = stem.firstIndex(of: "@") {
      return isPassingInstance(stem[stem.index(after: at)...]) ? stem[...at] + "*" : nil
    }
    if let id = [64, 36].first(where: { isIdentifier(stem.suffix($0), ofLength: $0) }), stem.count > id {
      return stem.dropLast(id) + "*"
    }
    if isScope, stem.hasPrefix("app-"), let dash = stem.lastIndex(of: "-"),
      isNumber(stem[stem.index(after: dash)...])
    {
      return stem[...dash] + "*"
    }
    return nil
  }

  /// `12`, or `c1` of a container's or the greeter's session.
  private static func isSessionNumber(_ text: Substring) -> Bool {
    isNumber(text.first == "c" ? text.dropFirst() : text)
  }

  /// `r` and 32 hexadecimal digits, `u17`, `1234`, `p1234-i567`: systemd-run(1) through its versions.
  private static func isRunNumber(_ text: Substring) -> Bool {
    switch text.first {
    case "r": isIdentifier(text.dropFirst(), ofLength: 32)
    case "u": isNumber(text.dropFirst())
    case "p": isRunPair(text.dropFirst())
    default: isNumber(text)
    }
  }

  /// `1234-i567`.
  private static func isRunPair(_ text: Substring) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return isNumber(parts[0]) && parts.dropFirst().allSatisfy { $0.first == "i" && isNumber($0.dropFirst()) }
  }

  /// An instance for one connection (a number, and addresses or ids behind it), or one named by a random id.
  private static func isPassingInstance(_ instance: Substring) -> Bool {
    let parts = instance.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, isNumber(parts[0]), parts[1].utf8.first.map(isDigit) ?? false { return true }
    return isIdentifier(instance, ofLength: 32) || isIdentifier(instance, ofLength: 36)
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// Hexadecimal digits; of 36 characters, a UUID with its dashes.
  static func isIdentifier(_ text: some StringProtocol, ofLength length: Int) -> Bool {
    let bytes = text.utf8
    guard bytes.count == length else { return false }
    return bytes.enumerated().allSatisfy { place, byte in
      length == 36 && [8, 13, 18, 23].contains(place) ? byte == UInt8(ascii: "-") : byte.isHexadecimalDigit
    }
  }
}

extension UInt8 {
  /// As container runtimes write them, and systemd: in lower case.
  fileprivate var isHexadecimalDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }

  fileprivate init?(hexadecimal digits: Substring.UTF8View.SubSequence) {
    guard digits.count == 2, digits.allSatisfy(\.isHexadecimalDigit) else { return nil }
    self.init(String(Substring(digits)), radix: 16)
  }
}
