/// How an answer is written: aligned text for people, or JSON for programs.
public enum OutputFormat: String, CaseIterable, Sendable {
  case table, json
}
