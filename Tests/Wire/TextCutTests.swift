import Testing

@testable import Wire

/// Text for people is cut where it is packed: its sender must not lose the connection for a long sentence.
@Suite struct TextCutTests {
  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc…"), ("", 6, ""), ("ééé", 6, "ééé"), ("éééé", 6, "é…"),
    ("🦫🦫", 7, "🦫…"), ("🦫🦫", 6, "…"), ("1234é", 6, "1234é"), ("1234éé", 6, "123…"),
  ])
  func wholeCharactersRemain(_ text: String, _ limit: Int, _ expected: String) {
    #expect(text.cut(to: limit) == expected)
    #expect(text.cut(to: limit).utf8.count <= limit)
  }

  @Test func aLongReasonArrivesCut() throws {
    let result = CommandResult(id: "x", reason: String(repeating: "é", count: 3000))
    let reason = try decode(CommandResult.self, encoded(result)).reason
    #expect(reason == String(repeating: "é", count: 510) + "…")
  }

  @Test func listsForPeopleArriveCut() throws {
    let many = [ConfigProblem](repeating: ConfigProblem(key: "k", message: "m"), count: 1001)
    #expect(try decode(ConfigStatus.self, encoded(ConfigStatus(problems: many))).problems.count == 1000)
    let hosts = [AuditHost](repeating: AuditHost(hostID: "h"), count: 1001)
    #expect(try decode(AuditEntry.self, encoded(AuditEntry(id: 1, host: hosts))).host.count == 1000)
    let troubled = [RolloutHost](repeating: RolloutHost(hostID: "h"), count: 101)
    #expect(try decode(Rollout.self, encoded(Rollout(id: 1, troubled: troubled))).troubled.count == 100)
    let lines = [String](repeating: String(repeating: "w", count: 2000), count: 1001)
    let history = try decode(Rollout.self, encoded(Rollout(id: 1, history: lines))).history
    #expect(history.count == 1000)
    #expect(history[0].utf8.count == 1024)
  }
}
