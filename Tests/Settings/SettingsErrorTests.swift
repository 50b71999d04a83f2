import Testing

@testable import Settings

private enum Color: String, CaseIterable { case red, green }

/// A program's settings, read as a program reads them.
private func readAll(_ text: String) throws(SettingsError) {
  let root = try SettingsDocument(text: text, file: "m.yaml").root
  _ = try root.string("name")
  _ = try root.integer("count", in: 1...10)
  _ = try root.boolean("on")
  _ = try root.duration("interval", in: .milliseconds(100) ... .seconds(60))
  _ = try root.bytes("size", in: 1024...1 << 20)
  _ = try root.choice("color", of: Color.self)
  _ = try root.hostPort("aggregator", defaultPort: 7600)
  _ = try root.stringList("list", maximumCount: 2)
  _ = try root.stringMap("labels", maximumCount: 2) { (name, _) throws(InvalidValue) in
    if name == "instance" { throw InvalidValue("is set by itself") }
  }
  let tls = try root.section("tls")
  _ = try tls?.string("ca_file")
  try root.rejectUnknownKeys()
}

@Suite struct SettingsErrorTests {
  @Test(arguments: [
    // Keys.
    ("nmae: x", "m.yaml:1:1: nmae: is not a known key; did you mean name?"),
    ("\ntls:\n  cafile: x", "m.yaml:3:3: tls.cafile: is not a known key; did you mean ca_file?"),
    ("tls:\n  quite_else: x", "m.yaml:2:3: tls.quite_else: is not a known key; known here: ca_file"),
    ("name: a\nname: b", "m.yaml:2:1: name: is given twice; first on line 1"),
    ("? [a]\n: b", "m.yaml:1:3: a key must be plain text"),
    // Types.
    ("name: [a]", "m.yaml:1:7: name: expected text, found a list"),
    ("name:", "m.yaml:1:6: name: has no value; give one or remove the line"),
    ("name: \"\"", "m.yaml:1:7: name: is empty; give a value or remove the line"),
    ("count: ten", "m.yaml:1:8: count: expected a whole number, found \"ten\""),
    ("count: 1.5", "m.yaml:1:8: count: expected a whole number, found \"1.5\""),
    ("count: +5", "m.yaml:1:8: count: expected a whole number, found \"+5\""),
    ("count: '5'", "m.yaml:1:8: count: expected a whole number, found text in quotes"),
    ("count: {a: b}", "m.yaml:1:8: count: expected a whole number, found a section"),
    ("on: yes", "m.yaml:1:5: on: expected true or false, found \"yes\""),
    ("color: blue", "m.yaml:1:8: color: expected red or green, found \"blue\""),
    ("labels: x", "m.yaml:1:9: labels: expected a section of `name: text` lines, found a single value"),
    ("labels: {a: [b]}", "m.yaml:1:13: labels.a: expected text, found a list"),
    ("labels: {instance: b}", "m.yaml:1:10: labels.instance: is set by itself"),
    ("labels: {a: 1, b: 2, c: 3}", "m.yaml:1:9: labels: has more than 2 entries"),
    ("list: {a: b}", "m.yaml:1:7: list: expected a list of texts, found a section"),
    ("list: [a, [b]]", "m.yaml:1:11: list: expected text, found a list"),
    ("list: [a, b, c]", "m.yaml:1:7: list: has more than 2 entries"),
    ("tls: x", "m.yaml:1:6: tls: expected a section of `key: value` lines, found a single value"),
    ("just text", "m.yaml:1:1: expected `key: value` lines, found a single value"),
    ("- a", "m.yaml:1:1: expected `key: value` lines, found a list"),
    // Ranges.
    ("count: 11", "m.yaml:1:8: count: 11 is out of range; accepted is 1 to 10"),
    ("interval: 50ms", "m.yaml:1:11: interval: 50ms is out of range; accepted is 100ms to 1m"),
    (
      "interval: 5",
      "m.yaml:1:11: interval: "
        + "expected a whole number and a unit, such as 100ms, 5s, 1m or 2h, found \"5\""
    ),
    ("size: 2MiB", "m.yaml:1:7: size: 2MiB is out of range; accepted is 1KiB to 1MiB"),
    (
      "size: big",
      "m.yaml:1:7: size: expected a number of bytes, such as 65536, 64KiB or 16MiB, found \"big\""
    ),
    ("aggregator: 'a b'", "m.yaml:1:13: aggregator: expected host:port, found \"a b\""),
    ("aggregator: a:0", "m.yaml:1:13: aggregator: port 0 is out of range; accepted is 1 to 65535"),
    (
      "aggregator: ::1",
      "m.yaml:1:13: aggregator: write an IPv6 address in brackets, such as [2001:db8::1]:7600"
    ),
    ("aggregator: '[::1'", "m.yaml:1:13: aggregator: \"[::1\" lacks the closing bracket"),
    ("aggregator: '[x]:1'", "m.yaml:1:13: aggregator: \"x\" is not an IPv6 address"),
    // YAML itself.
    ("name: &x a", "m.yaml:1:7: anchors are not supported; write the value out"),
    ("name: *x", "m.yaml:1:7: aliases are not supported; write the value out"),
    ("name: !!str a", "m.yaml:1:7: tags are not supported; write the value without `!`"),
    ("name: a\n---\nname: b", "m.yaml:2:1: a second document starts here; a settings file holds one"),
    ("tls:\n\tca_file: x", "m.yaml:2:1: a tab cannot indent YAML; use spaces"),
    (
      "list: [a, b",
      "m.yaml:2:1: did not find expected ',' or ']' while parsing a flow sequence (started on line 1)"
    ),
    ("name: \"a", "m.yaml:1:9: found unexpected end of stream while scanning a quoted scalar"),
    ("name: a\n b: c", "m.yaml:2:3: mapping values are not allowed in this context"),
    ("name: a\u{7}b", "m.yaml:1:8: control characters are not allowed"),
  ])
  func errorsNamePlaceKeyAndRemedy(text: String, expected: String) {
    let error = #expect(throws: SettingsError.self) { try readAll(text) }
    #expect(error?.description == expected)
  }

  @Test func limitsHold() {
    let deep = String(repeating: "[", count: 17) + String(repeating: "]", count: 17)
    let wide = "list: [" + String(repeating: "a,", count: SettingsLimits.maximumNodes) + "]"
    let large = String(repeating: "#", count: SettingsLimits.maximumFileBytes + 1)
    for (text, expected) in [
      (deep, "m.yaml:1:17: is nested more than 16 levels deep"),
      (wide, "m.yaml:1:40002: holds more than 20000 values"),
      (large, "m.yaml: is larger than 1MiB"),
    ] {
      let error = #expect(throws: SettingsError.self) { try readAll(text) }
      #expect(error?.description == expected)
    }
  }

  @Test func invalidUTF8IsRefusedWithItsPlace() throws {
    let file = "/tmp/muster-settings-\(UInt64.random(in: 0 ... .max)).yaml"
    try write([0x61, 0x3A, 0x20, 0x62, 0x0A, 0x63, 0x3A, 0x20, 0xFF], to: file)
    defer { remove(file) }
    let error = #expect(throws: SettingsError.self) { try SettingsDocument(file: file) }
    #expect(error?.description == "\(file):2:4: invalid leading UTF-8 octet")
  }

  @Test(arguments: [("/nowhere/m.yaml", "No such file or directory"), ("/", "Is a directory")])
  func unreadableFilesSaySo(file: String, reason: String) {
    let error = #expect(throws: SettingsError.self) { try SettingsDocument(file: file) }
    #expect(error?.description == "\(file): cannot be read: \(reason)")
  }

  @Test func longAndControlTextIsRepeatedSafely() {
    let error = #expect(throws: SettingsError.self) {
      try readAll("count: \"\\e[31m" + String(repeating: "x", count: 100) + "\"\non: 'y\\n'")
    }
    #expect(error?.message == "expected a whole number, found text in quotes")
    #expect(SettingValue.quoted("\u{1B}[31m" + String(repeating: "x", count: 100)).count == 63)
    #expect(SettingValue.quoted("\u{1B}[31m") == "\"?[31m\"")
  }
}
