import Logging
import Settings
import StructuredLog
import Testing

@testable import Collector

@Suite struct ArgumentsTests {
  @Test func everyFlagIsRead() throws {
    let arguments = try Arguments(parsing: [
      "-c", "x.yaml", "--aggregator=mon:7601", "--interval", "1s", "--instance", "web-1",
      "--state-directory", "/s", "--root=/host", "--log-format", "json", "--log-level", "debug", "--insecure",
      "--check-config",
    ])
    #expect(arguments.configFile == "x.yaml")
    #expect(arguments.aggregator == HostPort(host: "mon", port: 7601))
    #expect(arguments.interval == .seconds(1))
    #expect(arguments.instance == "web-1")
    #expect(arguments.stateDirectory == "/s")
    #expect(arguments.root == "/host")
    #expect(arguments.logFormat == .json)
    #expect(arguments.logLevel == .debug)
    #expect(arguments.insecure)
    #expect(arguments.mode == .checkConfig)
  }

  @Test(
    arguments: [
      ([], .run), (["--once"], .once), (["--version"], .version), (["-h"], .help),
      (["--help", "--once"], .help),
    ]
      as [([String], Arguments.Mode)])
  func modes(words: [String], mode: Arguments.Mode) throws {
    #expect(try Arguments(parsing: words).mode == mode)
  }

  @Test(arguments: [
    (["--agregator", "x"], "--agregator is not a known flag; did you mean --aggregator?"),
    (["--qwertyuiop"], "--qwertyuiop is not a known flag"),
    (["run"], "run is not a flag; muster-collector takes flags only"),
    (["--interval"], "--interval needs a value: --interval DURATION"),
    (["--interval="], "--interval needs a value: --interval DURATION"),
    (
      ["--interval", "5"],
      "--interval: expected a whole number and a unit, such as 100ms, 5s, 1m or 2h, found \"5\""
    ),
    (["--interval", "1h"], "--interval: 1h is out of range; accepted is 100ms to 1m"),
    (["--aggregator", "a:b"], "--aggregator: expected host:port, found \"a:b\""),
    (["--log-format", "xml"], "--log-format: expected text or json, found \"xml\""),
    (["--once=yes"], "--once takes no value"), (["--insecure=no"], "--insecure takes no value"),
    (["-c", "a", "--config", "b"], "--config is given twice"),
  ])
  func errors(words: [String], message: String) {
    let error = #expect(throws: InvalidValue.self) { try Arguments(parsing: words) }
    #expect(error?.description == message)
  }

  @Test func helpNamesEveryFlagInColumnsThatFit() {
    for flag in Flag.all { #expect(Help.text.contains(flag.names.reversed().joined(separator: ", "))) }
    #expect(Help.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }
}
