import Settings
import Testing
import Wire

@testable import Steering

@Suite struct DocumentsRefusalTests {
  @Test(arguments: [
    // Every key wrong once.
    ("schema: one", "f:1:9: schema: expected a whole number, found \"one\""),
    ("schema: 0", "f:1:9: schema: 0 is out of range; accepted is 1 to 2147483647"),
    (
      "interval: 5s\nschema: 2",
      "f:2:9: schema: 2 is newer than what this aggregator knows, which is 1; upgrade it, or write the "
        + "document for schema 1"
    ),
    ("interval: 50ms", "f:1:11: interval: 50ms is out of range; accepted is 100ms to 1m"),
    ("interval: 2m", "f:1:11: interval: 2m is out of range; accepted is 100ms to 1m"),
    ("interval: 100500us", "f:1:11: interval: must be whole milliseconds"),
    ("interval:", "f:1:10: interval: has no value; give one or remove the line"),
    ("interval: {a: b}", "f:1:11: interval: expected a duration, found a section"),
    (
      "interval: 5",
      "f:1:11: interval: expected a whole number and a unit, such as 100ms, 5s, 1m or 2h, found \"5\""
    ),
    (
      "heartbeat_interval: 500ms",
      "f:1:21: heartbeat_interval: 500ms is out of range; accepted is 1s to 5m"
    ),
    ("sources: off", "f:1:10: sources: expected a section of `key: value` lines, found a single value"),
    ("sources:\n  diskstat: off", "f:2:3: sources.diskstat: is not a known key; did you mean diskstats?"),
    ("sources: {stat: yes}", "f:1:17: sources.stat: expected on, off or an interval such as 15s"),
    ("sources: {stat: 2m}", "f:1:17: sources.stat: 2m is out of range; accepted is 100ms to 1m"),
    ("sources: {stat: [on]}", "f:1:17: sources.stat: expected on, off or an interval, found a list"),
    (
      "interval: 5s\nsources:\n  stat: 1s",
      "f:3:9: sources.stat: 1000 ms is less than the interval of 5000 ms; a source can be read less often "
        + "than the others, not more often"
    ),
    (
      "filters: {mounts: {}}",
      "f:1:11: filters.mounts: is not a known key; known here: cgroups, "
        + "disk_devices, filesystem_types, mount_points, netstat_fields, network_interfaces, systemd_units, vmstat_fields"
    ),
    (
      "filters: {mount_points: [a]}",
      "f:1:25: filters.mount_points: expected a section of `key: value` "
        + "lines, found a list"
    ),
    (
      "filters: {mount_points: {}}",
      "f:1:25: filters.mount_points: needs a list `include`, a list `exclude`, or both"
    ),
    (
      "filters:\n  mount_points:\n    excludes: [a]",
      "f:3:5: filters.mount_points.excludes: is not a known key; did you mean exclude?"
    ),
    (
      "filters: {mount_points: {include: [\"\"]}}",
      "f:1:35: filters.mount_points.include: has a pattern "
        + "that is not 1 to 256 bytes long"
    ),
    (
      "filters: {mount_points: {include: {a: b}}}",
      "f:1:35: filters.mount_points.include: expected a list of texts, found a section"
    ),
    (
      "labels: {instance: a}",
      "f:1:10: labels.instance: is what tells hosts apart; config cannot change it"
    ),
    (
      "labels: {host_id: a}",
      "f:1:10: labels.host_id: is what tells hosts apart; config cannot change it"
    ),
    (
      "labels: {1a: a}",
      "f:1:10: labels.1a: is not a label name; accepted are letters, digits and _, not "
        + "starting with a digit"
    ),
    ("labels: {__a: a}", "f:1:10: labels.__a: starts with __, which is reserved"),
    ("labels: {a: \"\"}", "f:1:10: labels.a: needs a value of 1 to 1024 bytes"),
    ("labels: {a: [b]}", "f:1:13: labels.a: expected text, found a list"),
    ("buffer: {bytes: 1KiB}", "f:1:17: buffer.bytes: 1KiB is out of range; accepted is 64KiB to 1GiB"),
    (
      "buffer: {bytes: lots}",
      "f:1:17: buffer.bytes: expected a number of bytes, such as 65536, 64KiB or "
        + "16MiB, found \"lots\""
    ),
    ("buffer: {frames: 0}", "f:1:18: buffer.frames: 0 is out of range; accepted is 1 to 10000000"),
    ("buffer: {byte: 1MiB}", "f:1:10: buffer.byte: is not a known key; did you mean bytes?"),
    ("budget: {cpu: 101%}", "f:1:15: budget.cpu: 101% is out of range; accepted is 0.05% to 100%"),
    ("budget: {cpu: 0%}", "f:1:15: budget.cpu: 0% is out of range; accepted is 0.05% to 100%"),
    (
      "budget: {cpu: 0.5}",
      "f:1:15: budget.cpu: expected a percentage, such as 2% or 0.5%, with at most 4 "
        + "decimals"
    ),
    (
      "budget: {cpu: nan%}",
      "f:1:15: budget.cpu: expected a percentage, such as 2% or 0.5%, with at most 4 "
        + "decimals"
    ),
    (
      "budget: {cpu: 1.00001%}",
      "f:1:15: budget.cpu: expected a percentage, such as 2% or 0.5%, with at "
        + "most 4 decimals"
    ),
    (
      "budget: {cpu: 99999999999999%}",
      "f:1:15: budget.cpu: 99999999999999% is out of range; accepted is "
        + "0.05% to 100%"
    ),
    ("budget: {memory: 1MiB}", "f:1:18: budget.memory: 1MiB is out of range; accepted is 4MiB to 1GiB"),
    ("recorder: true", "f:1:11: recorder: expected on or off, found \"true\""),
    (
      "log: {level: loud}",
      "f:1:14: log.level: expected one of trace, debug, info, notice, warning, error, "
        + "critical"
    ),
    ("log: {format: json}", "f:1:7: log.format: is not a known key; known here: level"),
    // What only a host's own file can say.
    (
      "aggregator: a:1",
      "f:1:1: aggregator: is not a known key; known here: budget, buffer, filters, "
        + "heartbeat_interval, interval, labels, log, recorder, schema, sources"
    ),
    ("intervall: 5s", "f:1:1: intervall: is not a known key; did you mean interval?"),
    // Documents that are none.
    ("interval: &a 5s", "f:1:11: anchors are not supported; write the value out"),
    ("interval: *a", "f:1:11: aliases are not supported; write the value out"),
    ("interval: !!str 5s", "f:1:11: tags are not supported; write the value without `!`"),
    ("interval: 5s\ninterval: 6s", "f:2:1: interval: is given twice; first on line 1"),
    ("- interval", "f:1:1: expected `key: value` lines, found a list"),
    (
      "interval: 5s\n---\ninterval: 6s",
      "f:2:1: a second document starts here; a settings file holds one"
    ),
    (
      "interval: [5s",
      "f:2:1: did not find expected ',' or ']' while parsing a flow sequence (started on "
        + "line 1)"
    ),
  ])
  func errorsNamePlaceKeyAndRemedy(text: String, expected: String) {
    let error = #expect(throws: SettingsError.self) { try ConfigText.parse(text, file: "f") }
    #expect(error?.description == expected)
  }

  @Test(arguments: ["", "# nothing\n", "{}", "~", "schema: 1", "sources:\nlabels: {}\nbuffer: {}"])
  func aDocumentThatSaysNothingIsRefused(text: String) {
    let error = #expect(throws: SettingsError.self) { try ConfigText.parse(text, file: "f") }
    #expect(error?.message.hasPrefix("says nothing; ") == true, "\(String(describing: error))")
  }

  @Test func limitsHold() throws {
    let largest = "interval: 5s\n#" + String(repeating: "x", count: MessageLimits.yamlBytes - 14)
    #expect(largest.utf8.count == 64 << 10)
    _ = try ConfigText.parse(largest, file: "f")
    let labels = (0...ConfigSchema.maximumLabels).map { "l\($0): x" }.joined(separator: ", ")
    let patterns = String(repeating: "a,", count: ConfigSchema.maximumPatterns + 1)
    for (text, expected) in [
      (largest + "x", "f: is larger than 64KiB"),
      ("labels: {\(labels)}", "f:1:9: labels: has more than 32 entries"),
      (
        "filters: {mount_points: {include: [\(patterns)]}}",
        "f:1:35: filters.mount_points.include: has more than 256 entries"
      ),
      (
        "filters: {mount_points: {exclude: [\(String(repeating: "a", count: 257))]}}",
        "f:1:35: filters.mount_points.exclude: has a pattern that is not 1 to 256 bytes long"
      ),
    ] {
      let error = #expect(throws: SettingsError.self) { try ConfigText.parse(text, file: "f") }
      #expect(error?.description == expected)
    }
  }

  /// Whatever is typed, the answer is a config without problems, or an error; never a trap.
  @Test func anyDamageIsAnswered() async {
    let original = Array("interval: 5s\nsources: {stat: 15s}\nlabels: {a: b}\nbudget: {cpu: 2%}\n".utf8)
    var random = SystemRandomNumberGenerator()
    for round in 0..<5000 {
      var bytes = original
      for _ in 0...Int.random(in: 0...3, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        bytes[at] = UInt8.random(in: 9...126, using: &random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      if let config = try? ConfigText.parse(text, file: "f") {
        #expect(config.problems().isEmpty, "\(text)")
      }
      if round % 500 == 0 { await Task.yield() }
    }
  }
}
