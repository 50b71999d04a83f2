import Glibc
import Logging
import Settings
import StructuredLog
import Testing
import TimeSeries

@testable import Aggregator

@Suite struct SettingsTests {
  private func settings(_ text: String) throws -> AggregatorSettings {
    try AggregatorSettings(SettingsDocument(text: text, file: "a.yaml"))
  }

  /// The file that is shipped says what the defaults are.
  @Test func theSampleIsTheDefaults() throws {
    let sample = try AggregatorSettings(SettingsDocument(file: Self.sample))
    #expect("\(sample)" == "\(AggregatorSettings())")
    try sample.validate()
  }

  /// With every comment that holds a key taken away, it still loads: no key in it is made up.
  @Test func everyKeyOfTheSampleIsKnown() throws {
    let lines = try text(of: Self.sample).split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.map { line -> Substring in
      let body = line.drop { $0 == " " }
      guard body.first == "#", body.dropFirst().first?.isLetter == true else { return line }
      return line.prefix(line.count - body.count) + body.dropFirst()
    }.joined(separator: "\n")
    let all = try settings(text.replacing("insecure: true", with: "insecure: false"))
    #expect(all.tls?.keyFile == "/etc/muster/aggregator.key")
    #expect(all.limits.connectionAge == .seconds(3600))
    #expect(all.limits.seriesPerHost == 20_000)
    #expect(all.stateDirectory == "/var/lib/muster-aggregator")
  }

  @Test func everythingCanBeSet() throws {
    let settings = try settings(
      """
      listen: "[::]:7000"
      instance: agg-1
      state_directory: /srv/muster
      tls:
        certificate_file: c.pem
        key_file: k.pem
        client_ca_file: ca.pem
        require_client_certificate: true
      hot: {retention: 1m, memory_per_host: 1MiB}
      limits:
        {connections: 5, connections_per_address: 2, connection_idle: 2m, hosts: 6, series_per_host: 7,
        forget_hosts_after: 1h}
      acknowledgement: {interval: 0s, frames: 1}
      log: {format: json, level: debug}
      """)
    #expect(settings.listen == HostPort(host: "::", port: 7000))
    #expect(settings.stateDirectory == "/srv/muster")
    #expect(settings.tls?.requireClientCertificate == true)
    #expect(settings.hot == HotSettings(retention: .seconds(60), maximumBytesPerHost: 1 << 20))
    #expect(settings.limits.connectionsPerAddress == 2)
    #expect(settings.limits.connectionIdle == .seconds(120))
    #expect(settings.acknowledgement.frames == 1)
    #expect(settings.log.format == .json)
    #expect(settings.log.level == .debug)
    try settings.validate()
    let limits = FleetLimits(settings)
    #expect(limits.hot.retentionMicroseconds == 60_000_000)
    #expect(limits.seriesPerHost == 7)
  }

  @Test(arguments: [
    ("lisen: x", "a.yaml:1:1: lisen: is not a known key; did you mean listen?"),
    ("hot:\n  retension: 5m", "a.yaml:2:3: hot.retension: is not a known key; did you mean retention?"),
    ("hot:\n  retention: 5", "hot.retention: expected a whole number and a unit"),
    ("hot: {retention: 2h}", "hot.retention: 2h is out of range; accepted is 10s to 1h"),
    ("limits: {hosts: 0}", "limits.hosts: 0 is out of range; accepted is 1 to 1000000"),
    ("tls: {key_file: k}", "tls.certificate_file: is missing"),
    ("tls: {certificate_file: c}", "tls.key_file: is missing"),
    (
      "tls: {certificate_file: c, key_file: k, require_client_certificate: true}",
      "a.yaml:1:69: tls.require_client_certificate: needs client_ca_file"
    ),
    ("log: {level: loud}", "log.level: expected trace, debug"),
  ])
  func errorsSayWhereAndWhat(_ text: String, _ expected: String) {
    let error = #expect(throws: SettingsError.self) { try settings(text) }
    #expect(error?.description.contains(expected) == true, "\(error!)")
  }

  @Test(arguments: [
    ("listen: 127.0.0.1:7600", nil), ("listen: localhost:1", nil), ("listen: \"[::1]:7600\"", nil),
    ("listen: 0.0.0.0:7600", "listen"), ("listen: 10.0.0.1:7600", "listen"),
    ("listen: \"[::]:7600\"", "listen"),
    ("listen: monitor.example:7600", "listen"),
    ("listen: 0.0.0.0:7600\ninsecure: true", nil),
    ("listen: 0.0.0.0:7600\ntls: {certificate_file: c, key_file: k}", nil),
    ("insecure: true\ntls: {certificate_file: c, key_file: k}", "insecure"),
  ])
  func plaintextNeedsLoopbackOrConsent(_ text: String, _ key: String?) throws {
    let settings = try settings(text)
    guard let key else { return try settings.validate() }
    let error = #expect(throws: InvalidAggregatorSetting.self) { try settings.validate() }
    #expect(error?.key == key)
  }

  @Test func flagsWin() throws {
    var overrides = SettingsOverrides()
    overrides.configFile = Self.sample
    try overrides.setListen("0.0.0.0")
    try overrides.setLogFormat("json")
    try overrides.setLogLevel("warning")
    let error = #expect(throws: SettingsError.self) { try AggregatorSettings.load(overrides) }
    #expect(error?.description.hasPrefix("command line: listen: 0.0.0.0:7600 without TLS") == true)
    overrides.insecure = true
    overrides.stateDirectory = "state"
    let settings = try AggregatorSettings.load(overrides)
    #expect(settings.stateDirectory == "state")
    #expect(settings.listen == HostPort(host: "0.0.0.0", port: 7600))
    #expect(settings.log.format == .json)
    #expect(settings.log.level == .warning)
    #expect(
      throws: InvalidValue(
        "--log-level: expected trace, debug, info, notice, warning, error or critical, found \"x\"")
    ) {
      try overrides.setLogLevel("x")
    }
  }

  @Test func aNamedFileMustExist() {
    var overrides = SettingsOverrides()
    overrides.configFile = "/nowhere/aggregator.yaml"
    #expect(throws: SettingsError.self) { try AggregatorSettings.load(overrides) }
  }

  private func text(of file: String) throws -> String {
    let descriptor = open(file, O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static let sample =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/collector-config/aggregator.yaml"
}
