import Testing
import Wire

@testable import Selection

@Suite struct SelectorTests {
  private static let labels = [Label("env", "prod"), Label("role", "web"), Label("rack", "r1")]

  @Test(arguments: [
    ("", true), ("  ", true),
    ("env=prod", true), ("env=dev", false), ("env=pro*", true), ("env=*od", true), ("env=p*o*d", true),
    ("env=*x*", false),
    ("env!=prod", false), ("env!=dev", true), ("env!=d*", true),
    ("rack", true), ("zone", false), ("!zone", true), ("!rack", false),
    // Absent is different from every value.
    ("zone!=a", true), ("zone=*", false),
    ("instance=web-1", true), ("host_id=00ff", true), ("host_id=00fe", false), ("instance=web-*", true),
    ("instance", true), ("!instance", false),
    ("env=prod,role=web", true), ("env=prod,role=db", false), (" env = prod , ! zone ", true),
    // A value may hold what an operator is made of.
    ("env=a=b", false), ("env!=a!=b", true),
  ])
  func selects(_ text: String, _ expected: Bool) throws {
    #expect(
      try Selector(parsing: text).matches(hostID: "00ff", instance: "web-1", labels: Self.labels) == expected)
  }

  @Test(arguments: [
    ("env==prod", "=prod", 5, "one = is enough"),
    ("env=~p.*", "~p.*", 5, "regular expressions are not known here; * stands for anything"),
    ("env=\"prod\"", "\"prod\"", 5, "values are written without quotes"),
    ("env=", "env=", 1, "the value is missing; for hosts without the label write !label"),
    ("=prod", "=prod", 1, "the label's name is missing"),
    ("!", "!", 1, "the label's name is missing"),
    ("a,", "", 3, "a condition is missing; write label=value, label!=value, label or !label"),
    (",", "", 1, "a condition is missing; write label=value, label!=value, label or !label"),
    (
      "a=1, my-label=2", "my-label", 6,
      "a label's name has letters, digits and _, and does not begin with a digit"
    ),
    ("{env=x}", "{env", 1, "a label's name has letters, digits and _, and does not begin with a digit"),
    ("9a", "9a", 1, "a label's name has letters, digits and _, and does not begin with a digit"),
  ])
  func points(_ text: String, at part: String, column: Int, saying message: String) {
    let error = #expect(throws: SelectionError.self) { try Selector(parsing: text) }
    #expect(
      error == SelectionError(subject: "selector", text: text, part: part, column: column, message: message))
  }

  @Test func aStatusRepeatsTheSentence() {
    let status = #expect(throws: (any Error).self) { try Selector(request: "env==prod") }
    #expect(
      "\(status!)" == "INVALID_ARGUMENT: selector \"env==prod\", at \"=prod\" (character 5): one = is enough")
  }

  @Test func isBounded() {
    #expect(throws: SelectionError.self) { try Selector(parsing: String(repeating: "a", count: 4097)) }
    #expect(throws: SelectionError.self) { try Selector(parsing: String(repeating: "a,", count: 64) + "a") }
    #expect(throws: Never.self) { try Selector(parsing: String(repeating: "a,", count: 63) + "a") }
  }

  @Test(arguments: [
    ("", "node_load1", true), ("*", "node_load1", true), ("node_load1", "node_load1", true),
    ("node_load", "node_load1", false), ("node_*", "node_load1", true), ("*load*", "node_load1", true),
    ("n*d*1", "node_load1", true), ("node_load1*", "node_load1", true), ("**", "x", true),
    ("a*b*c", "acb", false),
  ])
  func patterns(_ pattern: String, _ name: String, _ expected: Bool) throws {
    #expect(try MetricPattern(parsing: pattern).matches(name) == expected)
  }

  @Test(arguments: [("node_.*", ".", 6), ("a b", " ", 2), ("{}", "{", 1), ("ä", "ä", 1)])
  func patternsPoint(_ text: String, at part: String, column: Int) {
    let error = #expect(throws: SelectionError.self) { try MetricPattern(parsing: text) }
    #expect(error?.part == part)
    #expect(error?.column == column)
    #expect(error?.subject == "metric pattern")
  }
}
