import Testing

@testable import Settings

@Suite struct SettingsValueTests {
  @Test func aWholeFileIsRead() throws {
    let root = try SettingsDocument(
      text: """
        # A comment.
        name: web-1
        quoted: "true"
        count: -3
        on: true
        interval: 90s
        size: 64KiB
        aggregator: "[2001:db8::1]:7601"
        list: [a, "b c"]
        single: a
        labels:
          zone: b
          env: prod
          number: 12
        tls:
          ca_file: /etc/ca.pem
          deeper:
            key: value
        empty:
        """, file: "m.yaml"
    ).root
    #expect(try root.string("name") == "web-1")
    #expect(try root.string("quoted") == "true")
    #expect(try root.integer("count", in: -5...5) == -3)
    #expect(try root.boolean("on") == true)
    #expect(try root.duration("interval", in: .zero ... .seconds(3600)) == .seconds(90))
    #expect(try root.bytes("size", in: 0 ... .max) == 65536)
    #expect(try root.hostPort("aggregator", defaultPort: 1) == HostPort(host: "2001:db8::1", port: 7601))
    #expect(try root.stringList("list") == ["a", "b c"])
    #expect(try root.stringList("single") == ["a"])
    #expect(
      try root.stringMap("labels")?.map { "\($0.name)=\($0.text)" } == ["zone=b", "env=prod", "number=12"])
    let tls = try #require(try root.section("tls"))
    #expect(try tls.string("ca_file") == "/etc/ca.pem")
    #expect(try tls.section("deeper")?.string("key") == "value")
    #expect(try root.section("empty") == nil)
    #expect(try root.string("absent") == nil)
    #expect(try root.stringList("absent list") == nil)
    try root.rejectUnknownKeys()
  }

  @Test(arguments: ["", "# only a comment\n", "---\n...\n", "\u{FEFF}# with a byte order mark\n"])
  func anEmptyFileIsAnEmptySection(text: String) throws {
    let root = try SettingsDocument(text: text, file: "m.yaml").root
    #expect(root.keys.isEmpty)
    try root.rejectUnknownKeys()
  }

  @Test func unknownKeysOfSectionsNobodyReadAreOneError() throws {
    let root = try SettingsDocument(text: "a: {b: c}", file: "m.yaml").root
    #expect(throws: SettingsError.self) { try root.rejectUnknownKeys() }
    try root.rejectUnknownKeys(known: ["a"])
  }

  @Test func anErrorAtAMissingKeyPointsAtItsSection() throws {
    let root = try SettingsDocument(text: "x: 1\ntls:\n  a: b", file: "m.yaml").root
    let tls = try #require(try root.section("tls"))
    #expect(tls.error(at: "key_file", "is missing").description == "m.yaml:3:3: tls.key_file: is missing")
  }

  @Test(arguments: [
    ("0s", Duration.zero, "0s"), ("100ms", .milliseconds(100), "100ms"), ("60s", .seconds(60), "1m"),
    ("90s", .seconds(90), "90s"), ("2h", .seconds(7200), "2h"), ("7d", .seconds(604_800), "7d"),
    ("1us", .microseconds(1), "1us"), ("1500ns", .nanoseconds(1500), "1500ns"),
  ])
  func durations(text: String, value: Duration, canonical: String) {
    #expect(DurationText.parse(text) == value)
    #expect(DurationText.text(value) == canonical)
  }

  @Test(arguments: [
    "", "5", "s", "-5s", "5 s", "1.5s", "5S", "5sec", "99999999999999999999s", "9999999999d", "５s",
  ])
  func noDurations(text: String) { #expect(DurationText.parse(text) == nil) }

  @Test(arguments: [
    ("0", 0, "0"), ("1000", 1000, "1000"), ("64KiB", 65536, "64KiB"), ("1GiB", 1 << 30, "1GiB"),
    ("2MB", 2_000_000, "2000000"), ("1536B", 1536, "1536"), ("1048576", 1 << 20, "1MiB"),
  ])
  func byteSizes(text: String, value: Int, canonical: String) {
    #expect(ByteSize.parse(text) == value)
    #expect(ByteSize.text(value) == canonical)
  }

  @Test(arguments: ["", "KiB", "-1", "1.5MiB", "1 MiB", "1TiB", "9999999999GiB"])
  func noByteSizes(text: String) { #expect(ByteSize.parse(text) == nil) }

  @Test(arguments: [
    ("localhost", "localhost:7600", true), ("LOCALHOST:1", "LOCALHOST:1", true),
    ("127.9.9.9:80", "127.9.9.9:80", true), ("[::1]", "[::1]:7600", true),
    ("[::ffff:127.0.0.1]:9", "[::ffff:127.0.0.1]:9", true),
    ("[::ffff:10.0.0.1]:9", "[::ffff:10.0.0.1]:9", false), ("[fe80::1%eth0]:9", "[fe80::1%eth0]:9", false),
    ("mon.example.org:7600", "mon.example.org:7600", false),
    ("localhost.example.org", "localhost.example.org:7600", false),
    ("128.0.0.1", "128.0.0.1:7600", false), ("127.1", "127.1:7600", false),
    ("0.0.0.0", "0.0.0.0:7600", false),
  ])
  func hostsAndPorts(text: String, description: String, isLoopback: Bool) throws {
    let value = try HostPort(parsing: text, defaultPort: 7600)
    #expect(value.description == description)
    #expect(value.isLoopback == isLoopback)
    #expect(try HostPort(parsing: value.description, defaultPort: 1) == value)
  }

  @Test(arguments: [
    "", ":80", "a:", "a:b", "a:65536", "a:-1", "a:+1", "a/b", "-a", "[::1]x", "[::1]:", "a:1:2", "ä",
  ])
  func noHostsAndPorts(text: String) {
    #expect(throws: InvalidValue.self) { try HostPort(parsing: text, defaultPort: 7600) }
  }

  @Test func aListenerMayAskForAnyPort() throws {
    #expect(try HostPort(parsing: "127.0.0.1:0", defaultPort: 7600, ports: 0...65535).port == 0)
  }

  @Test(arguments: [
    ("intervall", "interval"), ("itnerval", "interval"), ("agregator", "aggregator"), ("tsl", "tls"),
    ("log", nil), ("", nil), (String(repeating: "x", count: 65), nil),
  ])
  func nearestWords(word: String, nearest: String?) {
    #expect(NearestWord.find(word, among: ["aggregator", "interval", "tls"]) == nearest)
  }
}
