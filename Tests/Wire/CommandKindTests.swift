import Testing
import Wire

@Suite struct CommandKindTests {
  @Test func namesAreThoseThatPeopleWrite() {
    #expect(
      CommandKind.allCases.map(\.rawValue) == [
        "ping", "sample-now", "top-processes", "disk-usage", "set-resolution", "recorder", "reload",
        "log-level", "self-check", "diagnostics", "reconnect", "shutdown", "plan-config",
      ])
  }

  @Test func everyActionHasAKindAndEveryKindAnAction() {
    #expect(Example.actions.map(\.kind) == CommandKind.allCases)
  }

  @Test func rolesIncludeTheOnesBefore() {
    #expect(Role.view < .operate && .operate < .administer && .unspecified < .view)
    #expect(CommandKind.allCases.filter { $0.role == .administer } == [.shutdown])
    #expect(
      CommandKind.allCases.filter { $0.role == .operate } == [
        .setResolution, .reload, .logLevel, .diagnostics, .reconnect,
      ])
    #expect(!CommandKind.allCases.contains { $0.role == .unspecified })
  }

  @Test func eachSaysWhatItDoes() {
    #expect(Set(CommandKind.allCases.map(\.summary)).count == CommandKind.allCases.count)
  }
}
