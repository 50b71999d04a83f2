import ArgumentParser
import Console
import Wire

/// How a config is rolled out.
struct PlanOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many hosts have it after each wave, numbers or shares. Default: 1,5%,25%,100%.",
      valueName: "list"))
  var waves: String?

  @Option(
    help: ArgumentHelp("How long a wave is watched before the next. Default: 60s.", valueName: "duration"))
  var soak: DurationArgument?

  @Flag(help: "Do not watch a wave before the next.")
  var noSoak = false

  @Option(
    help: ArgumentHelp("How long a host may take from offer to verified.", valueName: "duration"))
  var hostTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "A collector that hears no confirmation for so long goes back by itself, 5s to 10m. Default: 30s.",
      valueName: "duration"))
  var confirmWithin: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "Share of a wave's reachable hosts that must be verified, or off. Default: 95%, all of less than 20.",
      valueName: "share"))
  var gateVerified: GateArgument?

  @Option(
    help: ArgumentHelp(
      "Sources that may be failing on a host beyond those that did before, or off. Default: none.",
      valueName: "number"))
  var gateFailingSources: GateArgument?

  @Option(
    help: ArgumentHelp(
      "The collector's CPU as a multiple of what it was on the host, or off. Default: 2.",
      valueName: "factor"))
  var gateCpu: GateArgument?

  @Option(
    help: ArgumentHelp(
      "The same of the collector's memory. Default: 2.", valueName: "factor"))
  var gateMemory: GateArgument?

  @Option(
    help: ArgumentHelp(
      "Share of a wave's hosts that may have gone silent since, or off. Default: 5%.", valueName: "share"))
  var gateSilent: GateArgument?

  func validate() throws {
    if noSoak, soak != nil { throw ValidationError("--soak and --no-soak exclude each other") }
  }

  var plan: RolloutPlan {
    RolloutPlan(
      waves: waves, soak: soak, withoutSoak: noSoak, hostTimeout: hostTimeout, confirmWithin: confirmWithin,
      gates: Gates(
        verifiedRatio: gateVerified?.value ?? 0, failingSources: gateFailingSources?.value ?? 0,
        cpuFactor: gateCpu?.value ?? 0, memoryFactor: gateMemory?.value ?? 0,
        silentRatio: gateSilent?.value ?? 0))
  }
}
