public import Wire

/// A rollout's gate as it is typed: `off`, a share (`95%`, `0.95`), a factor or a number (`2`, `2x`).
public struct GateArgument: Hashable, Sendable {
  /// On the wire 0 is "not said"; a limit of nothing is told as the least there is.
  static let none = 1e-9

  /// As the wire has it: negative switches the gate off.
  public let value: Double

  /// Nil for anything else.
  public init?(_ text: String) {
    if text == "off" {
      value = -1
      return
    }
    let isPercent = text.hasSuffix("%")
    let number = isPercent || text.hasSuffix("x") ? String(text.dropLast()) : text
    guard let parsed = Double(number), parsed.isFinite, parsed >= 0 else { return nil }
    value = parsed == 0 ? Self.none : isPercent ? parsed / 100 : parsed
  }
}

extension RolloutPlan {
  /// A plan of what was typed; nil and empty stand for the defaults. `waves` is a list with commas.
  public init(
    waves: String?, soak: DurationArgument?, withoutSoak: Bool, hostTimeout: DurationArgument?,
    confirmWithin: DurationArgument?, gates: Gates = Gates()
  ) {
    self.init()
    self.waves = (waves ?? "").split(separator: ",").map { wave in
      String(wave.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    soakMilliseconds = soak?.milliseconds ?? 0
    // 0 stands for the default: somebody who says 0s means none.
    noSoak = withoutSoak || soak?.milliseconds == 0
    hostTimeoutMilliseconds = hostTimeout?.milliseconds ?? 0
    confirmWithinMilliseconds = confirmWithin?.milliseconds ?? 0
    self.gates = gates
  }
}
