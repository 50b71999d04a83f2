import GRPC
import Steering
import VirtualTime
import Wire

/// What a bad config does to a host that takes it.
enum Poison: String, CaseIterable {
  /// The host's own settings do not allow it.
  case refuse
  /// It cannot be applied.
  case fail
  /// The collector crashes when it applies it.
  case crash
  /// The host reaches nobody as long as it runs.
  case cut
  /// The collector uses ten times as much CPU.
  case cpu
}

/// The documents of a run, and how they are rolled out: a good one for the fleet, a good one for some, a bad one.
final class Documents: CustomStringConvertible {
  struct Step {
    var selector: String
    var yaml: String
    var plan: RolloutPlan
    var isGood = true
  }

  let steps: [Step]
  let poison: Poison
  private var poisons: [[UInt8]: Poison?] = [:]

  init(_ weather: Weather, _ chance: inout Chance) {
    poison = chance.one(of: Poison.allCases)
    let some = chance.one(of: ["role=web", "env=prod", "role=web,env=prod"])
    let interval = chance.one(of: [5, 10, 15, 20])
    let off =
      chance.happens(0.3)
      ? "sources: {\(ConfigSchema.sourceNames.map { "\($0): off" }.joined(separator: ", "))}\n" : ""
    let fleet = "interval: \(interval)s\n\(off)heartbeat_interval: 25s\nlabels: {step: one}\n"
    var bad = "labels: {poison: \(poison.rawValue)}\n"
    if poison == .refuse { bad += "interval: 1s\n" }
    let target = chance.one(of: ["", "", some, "role=db"])
    // Who is merely expensive is noticed after two samples.
    let watched: UInt32 = poison == .cpu ? 50_000 : 0
    steps = [
      Step(selector: "", yaml: fleet, plan: Self.plan(weather, &chance)),
      Step(selector: some, yaml: "labels: {step: two}\nrecorder: off\n", plan: Self.plan(weather, &chance)),
      Step(selector: target, yaml: bad, plan: Self.plan(weather, &chance, soak: watched), isGood: false),
    ]
  }

  /// In bad weather gates are wide now and then, so that rollouts get somewhere.
  private static func plan(_ weather: Weather, _ chance: inout Chance, soak: UInt32 = 0) -> RolloutPlan {
    let soak = max(soak, chance.one(of: [0, 3_000, 10_000]))
    let isWide = !weather.isFair && chance.happens(0.7)
    return RolloutPlan(
      waves: chance.one(of: [["1", "10%", "100%"], ["5%", "25%", "100%"], ["20%", "100%"], ["100%"]]),
      soakMilliseconds: soak, noSoak: soak == 0,
      gates: isWide ? Gates(verifiedRatio: 0.5, silentRatio: 0.5) : Gates(),
      confirmWithinMilliseconds: chance.one(of: [10_000, 30_000]))
  }

  /// What a config does to a host.
  func poison(of sha256: [UInt8], _ packed: [UInt8]) -> Poison? {
    if let known = poisons[sha256] { return known }
    let labels = (try? CollectorConfig(packed: packed))?.labels ?? []
    let poison = labels.first { $0.name == "poison" }.flatMap { Poison(rawValue: $0.value) }
    poisons[sha256] = .some(poison)
    return poison
  }

  /// The same for one that was sent before.
  func isPoison(_ sha256: [UInt8]) -> Bool { (poisons[sha256] ?? nil) != nil }

  var description: String {
    "bad: \(poison) to \"\(steps[2].selector)\", good to \"\(steps[1].selector)\"; waves "
      + steps.map { "\($0.plan.waves) soak \($0.plan.soakMilliseconds) ms" }.joined(separator: ", ")
  }
}
