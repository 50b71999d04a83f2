import Wire

/// Documents and explanations as tables.
enum ConfigTables {
  /// One line a document.
  static func documents(_ documents: [ConfigDocument]) -> TextTable {
    var table = TextTable([
      .init("VERSION", .right), .init("LAYER"), .init("STATE"), .init("AUTHOR"), .init("CREATED"),
      .init("SHA-256"), .init("MESSAGE"),
    ])
    for document in documents {
      let state =
        document.quarantined.isEmpty
        ? (document.current ? "current" : "") : "quarantined: \(document.quarantined)"
      table.add([
        String(document.version), document.selector.isEmpty ? "(fleet)" : document.selector, state,
        document.author, WallClock.date(document.createdMicroseconds), HashText.short(document.sha256),
        document.message,
      ])
    }
    return table
  }

  /// The document with what is known of it, as YAML whose head is comments: it can be pushed as it stands.
  static func document(_ document: ConfigDocument) -> [String] {
    var head = ["version \(document.version) for \(SelectorText.name(document.selector))"]
    head.append("by \(document.author), \(WallClock.date(document.createdMicroseconds))")
    if !document.message.isEmpty { head.append(document.message) }
    if document.current { head.append("current") }
    if !document.quarantined.isEmpty { head.append("quarantined: \(document.quarantined)") }
    head.append("sha256 of what hosts are sent: \(HashText.hexadecimal(document.sha256))")
    var body = document.yaml.printableLines
    if body.last == "" { body.removeLast() }
    return head.map { "# " + $0.printable } + body
  }

  /// What a host is meant to run, and where each value comes from.
  static func explanation(_ answer: ExplainConfigResponse, style: Style) -> [String] {
    var lines = [
      style.bold(answer.instance.printable) + "  " + style.dim(answer.hostID.printable), standing(answer),
    ]
    let status = answer.status
    if !status.reason.isEmpty { lines.append("it says: \(status.reason.printable)") }
    lines += status.problems.map { "it says: \(PlanText.problem($0))" }
    guard !answer.layers.isEmpty else { return lines + ["no layer selects it: its local file holds"] }
    lines.append("layers, weakest first:")
    for layer in answer.layers {
      let rollout = layer.rollout > 0 ? "  (rollout \(layer.rollout) is bringing it)" : ""
      lines.append("  version \(layer.version)  \(SelectorText.name(layer.selector))\(rollout)")
    }
    guard !answer.values.isEmpty else { return lines }
    var table = TextTable([
      .init("KEY"), .init("VALUE"), .init("VERSION", .right), .init("LAYER"), .init("HIDES"),
    ])
    for value in answer.values {
      table.add([
        value.key, value.value, String(value.version),
        value.selector.isEmpty ? "(fleet)" : value.selector, value.hides.joined(separator: ", "),
      ])
    }
    lines.append("")
    return lines + table.text(style: style).split(separator: "\n").map(String.init)
  }

  private static func standing(_ answer: ExplainConfigResponse) -> String {
    let running =
      answer.runningSHA256.isEmpty ? "its local file alone" : HashText.short(answer.runningSHA256)
    guard answer.version > 0 else { return "is meant to run its local file alone, runs \(running)" }
    let meant = "is meant to run version \(answer.version) (\(HashText.short(answer.sha256)))"
    if answer.runningSHA256 == answer.sha256 { return meant + ", and does" }
    let status = answer.status
    let state =
      status.sha256 == answer.sha256 && status.state != .unknown ? " (\(status.state.word))" : ""
    return "\(meant)\(state), runs \(running)"
  }
}
