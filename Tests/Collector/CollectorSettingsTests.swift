import Glibc
import Link
import Logging
import Sampling
import Settings
import StructuredLog
import Testing
import Wire

@testable import Collector

/// Settings from a file with this text, and flags.
private func load(_ text: String, _ flags: [String] = []) throws -> CollectorSettings {
  let file = temporaryName("settings")
  let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
  defer { unlink(file) }
  _ = write(descriptor, text, text.utf8.count)
  close(descriptor)
  do {
    return try CollectorSettings.load(try Arguments(parsing: ["--config", file] + flags))
  } catch var error as SettingsError {
    if error.file == file { error.file = "c.yaml" }
    throw error
  }
}

@Suite struct CollectorSettingsTests {
  @Test func everyKeyIsRead() throws {
    let settings = try load(
      """
      aggregator: mon.example.org
      tls:
        ca_file: /ca.pem
        server_name: mon
        pinned_sha256: "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
        certificate_file: /c.pem
        key_file: /k.pem
      interval: 1s
      instance: web-1
      labels:
        env: prod
        rack: 12
      state_directory: /s
      buffer:
        bytes: 1MiB
        frames: 100
      heartbeat_interval: 5s
      root: /host
      sources:
        diskstats: off
        netdev: on
        filesystem: 15s
      textfile_directory: /m
      recorder: off
      budget:
        cpu: 2.5%
        memory: 32MiB
      remote:
        config: false
        forbid: [shutdown, top-processes]
        minimum_interval: 1s
      log:
        format: json
        level: warning
      """)
    #expect(settings.aggregator == HostPort(host: "mon.example.org", port: 7600))
    #expect(settings.tls?.caFile == "/ca.pem")
    #expect(settings.tls?.serverName == "mon")
    #expect(settings.tls?.pinnedSHA256?.bytes.first == 0x00)
    #expect(settings.tls?.certificateFile == "/c.pem" && settings.tls?.keyFile == "/k.pem")
    #expect(settings.interval == .seconds(1))
    #expect(settings.instance == "web-1")
    #expect(settings.labels == [Label("env", "prod"), Label("rack", "12")])
    #expect(settings.stateDirectory == "/s")
    #expect(settings.buffer.maximumBytes == 1 << 20 && settings.buffer.maximumFrames == 100)
    #expect(settings.heartbeatInterval == .seconds(5))
    #expect(settings.root == "/host")
    #expect(
      settings.sources == [
        "diskstats": SourceSettings(isEnabled: false), "netdev": SourceSettings(),
        "filesystem": SourceSettings(interval: .seconds(15)),
      ])
    #expect(settings.textfileDirectory == "/m")
    #expect(!settings.recorder)
    #expect(settings.budget.cpuRatio == 0.025 && settings.budget.memoryBytes == 32 << 20)
    #expect(!settings.remote.allowsConfig && settings.remote.forbidden == [.shutdown, .topProcesses])
    #expect(settings.remote.minimumInterval == .seconds(1))
    #expect(settings.logFormat == .json && settings.logLevel == .warning)
  }

  @Test func flagsWinOverTheFile() throws {
    let settings = try load("interval: 1s\ninstance: a", ["--interval", "2s", "--log-level", "debug"])
    #expect(settings.interval == .seconds(2))
    #expect(settings.instance == "a")
    #expect(settings.logLevel == .debug)
  }

  @Test(arguments: [
    ("agregator: x", "c.yaml:1:1: agregator: is not a known key; did you mean aggregator?"),
    ("tls:\n  cafile: x", "c.yaml:2:3: tls.cafile: is not a known key; did you mean ca_file?"),
    ("interval: 10ms", "c.yaml:1:11: interval: 10ms is out of range; accepted is 100ms to 1m"),
    ("interval: 100001us", "c.yaml:1:11: interval: must be whole milliseconds"),
    (
      "tls:\n  pinned_sha256: abc",
      "c.yaml:2:18: tls.pinned_sha256: "
        + "expected 64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` prints"
    ),
    (
      "tls:\n  key_file: /k",
      "c.yaml:2:3: tls.certificate_file: is missing; certificate_file and key_file come together"
    ),
    (
      "insecure: true\ntls: {}",
      "c.yaml:1:11: insecure: contradicts the tls section; remove one of them"
    ),
    (
      "labels: {1a: b}",
      "c.yaml:1:10: labels.1a: is not a label name; accepted are letters, digits and _, not starting with a digit"
    ),
    ("labels: {__a: b}", "c.yaml:1:10: labels.__a: starts with __, which is reserved"),
    (
      "labels: {instance: b}",
      "c.yaml:1:10: labels.instance: is set by the key instance, outside of labels"
    ),
    ("labels: {a: \"\"}", "c.yaml:1:10: labels.a: needs a value of 1 to 1024 bytes"),
    (
      "remote: {forbid: [reboot]}",
      "c.yaml:1:18: remote.forbid: reboot is not a command; known are ping, sample-now, top-processes, "
        + "disk-usage, set-resolution, recorder, reload, log-level, self-check, diagnostics, reconnect, "
        + "shutdown, plan-config"
    ),
    (
      "remote: {forbid: shutdwn}",
      "c.yaml:1:18: remote.forbid: shutdwn is not a command; did you mean shutdown?"
    ),
    (
      "remote: {minimum_interval: 1ms}",
      "c.yaml:1:28: remote.minimum_interval: 1ms is out of range; accepted is 100ms to 1m"
    ),
    ("budget: {cpu: 200%}", "c.yaml:1:15: budget.cpu: 200% is out of range; accepted is 0.05% to 100%"),
    (
      "budget: {cpu: 2}",
      "c.yaml:1:15: budget.cpu: expected a percentage, such as 2% or 0.5%, with at most 4 decimals"
    ),
    (
      "sources: {stat: maybe}",
      "c.yaml:1:17: sources.stat: expected on, off or an interval such as 15s, found \"maybe\""
    ),
    ("sources: {netdv: off}", "c.yaml:1:11: sources.netdv: is not a known key; did you mean netdev?"),
    (
      "interval: 10s\nsources: {stat: 5s}",
      "c.yaml:2:17: sources.stat: is shorter than the interval of 10s; a source can only be read less often"
    ),
    ("recorder: maybe", "c.yaml:1:11: recorder: expected on or off, found \"maybe\""),
    ("root: host", "c.yaml:1:7: root: must be an absolute path"),
    ("textfile_directory: m", "c.yaml:1:21: textfile_directory: must be an absolute path"),
    ("buffer: {bytes: 1KiB}", "c.yaml:1:17: buffer.bytes: 1KiB is out of range; accepted is 64KiB to 1GiB"),
    (
      "log: {level: loud}",
      "c.yaml:1:14: log.level: expected trace, debug, info, notice, warning, error or critical, found \"loud\""
    ),
  ])
  func errors(text: String, message: String) {
    let error = #expect(throws: SettingsError.self) { try load(text) }
    #expect(error?.description == message)
  }

  @Test func errorsOfFlagsTogetherNameTheProgram() {
    let error = #expect(throws: SettingsError.self) { try load("", ["--root", "x"]) }
    #expect(error?.message == "must be an absolute path")
  }

  @Test(arguments: [
    // Loopback is plain unless asked otherwise; anything else is TLS unless asked otherwise.
    ("aggregator: localhost", false), ("aggregator: localhost\ntls: {}", true),
    ("aggregator: mon.example.org", true), ("aggregator: mon.example.org\ninsecure: true", false),
    ("aggregator: 10.0.0.1\ntls: {ca_file: /x}", true),
  ])
  func plaintextOnlyOnLoopbackOrWhenAsked(text: String, isSecured: Bool) throws {
    #expect((try load(text).connectionTLS != nil) == isSecured)
  }

  @Test func aMissingFileIsAnErrorOnlyWhenItWasNamed() {
    let error = #expect(throws: SettingsError.self) {
      try CollectorSettings.load(try Arguments(parsing: ["-c", "/nowhere.yaml"]))
    }
    #expect(error?.description == "/nowhere.yaml: cannot be read: No such file or directory")
  }
}
