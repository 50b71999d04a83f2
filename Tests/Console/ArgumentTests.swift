import Foundation
import Testing
import Wire

@testable import Console

@Suite struct DurationArgumentTests {
  @Test(
    arguments: [("100ms", 100), ("5s", 5_000), ("1m", 60_000), ("2h", 7_200_000), ("0s", 0)]
      as [(String, UInt32)])
  func asInConfigFiles(text: String, milliseconds: UInt32) {
    #expect(DurationArgument(text)?.milliseconds == milliseconds)
  }

  @Test(arguments: ["", "5", "s", "-1s", "1.5s", "100us", "50d", "5 s", "99999999999999999h"])
  func nothingElse(text: String) { #expect(DurationArgument(text) == nil) }

  @Test func asItIsShown() { #expect(DurationArgument(milliseconds: 30_000).text == "30s") }
}

@Suite struct GateArgumentTests {
  @Test(
    arguments: [
      ("off", -1), ("95%", 0.95), ("0.95", 0.95), ("2", 2), ("1.5x", 1.5), ("0", 1e-9), ("0%", 1e-9),
    ] as [(String, Double)])
  func asTheWireHasIt(text: String, value: Double) { #expect(GateArgument(text)?.value == value) }

  @Test(arguments: ["", "x", "%", "-1", "nan", "inf", "2y", "on"])
  func nothingElse(text: String) { #expect(GateArgument(text) == nil) }
}

@Suite struct RolloutPlanTests {
  @Test func whatIsNotSaidIsTheDefault() {
    let plan = RolloutPlan(
      waves: nil, soak: nil, withoutSoak: false, hostTimeout: nil, confirmWithin: nil)
    #expect(plan == RolloutPlan())
  }

  @Test func whatIsSaid() {
    let plan = RolloutPlan(
      waves: "1, 5%,100%", soak: DurationArgument("90s"), withoutSoak: false,
      hostTimeout: DurationArgument("1m"), confirmWithin: DurationArgument("10s"), gates: Gates(cpuFactor: -1)
    )
    #expect(plan.waves == ["1", "5%", "100%"])
    #expect(plan.soakMilliseconds == 90_000 && !plan.noSoak)
    #expect(plan.hostTimeoutMilliseconds == 60_000 && plan.confirmWithinMilliseconds == 10_000)
    #expect(plan.gates.cpuFactor == -1)
  }

  @Test func noTimeIsNoSoak() {
    let zero = RolloutPlan(
      waves: nil, soak: DurationArgument("0s"), withoutSoak: false, hostTimeout: nil, confirmWithin: nil)
    #expect(zero.noSoak)
  }
}

@Suite struct SelectorArgumentTests {
  @Test func theFleetIsNeverMeantBySilence() throws {
    let failure = try #require(throws: CommandFailure.self) {
      try SelectorArgument(nil, all: false, option: "--on")
    }
    #expect(failure.code == .usage)
    #expect(failure.description.contains("--on ''") && failure.description.contains("--all"))
    #expect(try SelectorArgument("", all: false, option: "--on").selector == "")
    #expect(try SelectorArgument(nil, all: true, option: "--on").selector == "")
    #expect(try SelectorArgument("role=web", all: false, option: "--to").selector == "role=web")
    #expect(throws: CommandFailure.self) { try SelectorArgument("role=web", all: true, option: "--to") }
  }

  @Test(arguments: [
    ("role=web,env=prod", "role=web,env=prod"), ("", "''"), ("!spare", "'!spare'"), ("a=*", "'a=*'"),
    ("a='b'", "'a='\\''b'\\'''"), ("a=$(x)", "'a=$(x)'"),
  ])
  func quotedForAShell(selector: String, quoted: String) {
    #expect(SelectorText.quoted(selector) == quoted)
  }

  @Test func nobodyIsExplained() {
    #expect(SelectorText.nobody("web1").description.contains("instance=web1"))
    #expect(
      SelectorText.nobody("role=web").description == "no host matches 'role=web'; `muster hosts` lists all")
    #expect(SelectorText.nobody("").description.contains("start muster-collector"))
  }
}

@Suite struct AuthorTests {
  @Test func whoItIs() {
    #expect(author([:]) == "ann@desk")
    #expect(author(["SUDO_USER": "bob"]) == "bob@desk")
    #expect(author(["SUDO_USER": "bob", "MUSTER_AUTHOR": "deploy-bot"]) == "deploy-bot")
    #expect(author(["MUSTER_AUTHOR": ""]) == "ann@desk")
    #expect(author(["MUSTER_AUTHOR": "a\u{1B}b"]) == "a\u{FFFD}b")
    #expect(
      author(["MUSTER_AUTHOR": String(repeating: "ä", count: 500)]).utf8.count == MessageLimits.authorBytes)
    #expect(!Author.current.isEmpty)
  }

  private func author(_ environment: [String: String]) -> String {
    Author.name(environment: { environment[$0] }, account: "ann", host: "desk")
  }
}

@Suite struct ComparisonTests {
  @Test func versionsOrAFile() throws {
    #expect(try ConfigDiffCommand.comparison("3", "5", layer: nil) == .versions(3, 5))
    #expect(try ConfigDiffCommand.comparison("a.yaml", nil, layer: "") == .file("a.yaml", layer: ""))
    #expect(try ConfigDiffCommand.comparison("3", nil, layer: "a=b") == .file("3", layer: "a=b"))
    for (first, second, layer) in [
      ("3", nil, nil), ("a.yaml", nil, nil), ("a.yaml", "5", nil), ("3", "x", nil), ("3", "5", "a=b"),
    ] as [(String, String?, String?)] {
      #expect(throws: CommandFailure.self) {
        try ConfigDiffCommand.comparison(first, second, layer: layer)
      }
    }
  }
}

@Suite struct ConfigFileTests {
  @Test func bytesMustBeTextAndNotTooMany() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("interval: 5s\n".utf8).write(to: file)
    #expect(try ConfigFile(reading: file.path).text == "interval: 5s\n")
    #expect(try ConfigFile(reading: file.path).name == file.path)
    try Data(repeating: 0x20, count: MessageLimits.yamlBytes).write(to: file)
    #expect(try ConfigFile(reading: file.path).text.utf8.count == 65_536)
    for (content, reason) in [
      (Data(repeating: 0x20, count: MessageLimits.yamlBytes + 1), "at most 65536 bytes"),
      (Data(repeating: 0x20, count: 10_000_000), "at most 65536 bytes"), (Data([0x61, 0xFF]), "no UTF-8"),
    ] {
      try content.write(to: file)
      let failure = try #require(throws: CommandFailure.self) { try ConfigFile(reading: file.path) }
      #expect(failure.code == .usage && failure.description.contains(reason))
    }
    let missing = try #require(throws: CommandFailure.self) { try ConfigFile(reading: "/no/such/file") }
    #expect(missing.description == "/no/such/file: cannot be read: No such file or directory")
    let folder = try #require(throws: CommandFailure.self) { try ConfigFile(reading: "/tmp") }
    #expect(folder.description.contains("Is a directory"))
  }
}

@Suite struct LiveBlockTests {
  @Test func linesAreDrawnOverTheLastOnes() {
    #expect(LiveBlock.sequence(over: 0, lines: ["a"]) == "\r\u{1B}[Ja")
    #expect(LiveBlock.sequence(over: 1, lines: ["a", "b"]) == "\r\u{1B}[Ja\nb")
    #expect(LiveBlock.sequence(over: 3, lines: ["a"]) == "\r\u{1B}[2A\u{1B}[Ja")
    #expect(LiveBlock.sequence(over: 2, lines: []) == "\r\u{1B}[1A\u{1B}[J")
  }
}
