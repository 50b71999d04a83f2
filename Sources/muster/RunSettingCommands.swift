import ArgumentParser
import Console
import Wire

extension Run {
  struct SetResolution: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set-resolution",
      abstract: "Sample more or less often for a time. It lapses by itself.",
      discussion: """
        Examples:
          muster run set-resolution 200ms --for 2m --on instance=web1
          muster run set-resolution off --on instance=web1   before the time is over

        Of several who ask, the shortest interval counts.
        """)

    @Argument(help: "100ms to 60s; off ends what you asked for before.")
    var interval: String

    @Option(name: .customLong("for"), help: ArgumentHelp("1s to 1h.", valueName: "duration"))
    var lease = DurationArgument(milliseconds: 60_000)

    @OptionGroup var options: RunOptions

    private var milliseconds: UInt32? {
      interval == "off" ? 0 : DurationArgument(interval).map(\.milliseconds)
    }

    func validate() throws {
      guard let milliseconds, interval == "off" || (100...60_000).contains(milliseconds) else {
        throw ValidationError("the interval is 100ms to 60s, or off")
      }
      guard (1_000...3_600_000).contains(lease.milliseconds) else {
        throw ValidationError("--for is 1s to 1h")
      }
    }

    func run() async throws {
      let action = SetResolutionAction(
        intervalMilliseconds: milliseconds ?? 0, leaseMilliseconds: lease.milliseconds,
        holder: Author.current)
      try await options.run(.setResolution(action))
    }
  }

  struct LogLevel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "log-level",
      abstract: "Log more or less for a time. It lapses by itself.",
      discussion: """
        Examples:
          muster run log-level debug --for 5m --on instance=web1
          muster run log-level --on instance=web1   back to the configured one
        """)

    enum Level: String, CaseIterable, ExpressibleByArgument {
      case trace, debug, info, notice, warning, error, critical
    }

    @Argument(help: "What is logged; without it, what the host's settings say.")
    var level: Level?

    @Option(name: .customLong("for"), help: ArgumentHelp("1s to 24h.", valueName: "duration"))
    var lease = DurationArgument(milliseconds: 600_000)

    @OptionGroup var options: RunOptions

    func validate() throws {
      guard (1_000...86_400_000).contains(lease.milliseconds) else {
        throw ValidationError("--for is 1s to 24h")
      }
    }

    func run() async throws {
      let action = LogLevelAction(level: level?.rawValue ?? "", leaseMilliseconds: lease.milliseconds)
      try await options.run(.logLevel(action))
    }
  }

  struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read the host's local settings file again, and apply what can be without a restart.",
      discussion: "Example: muster run reload --on role=web")

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.run(.reload) }
  }

  struct Reconnect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Leave the connection in good order, and make another. No frame is lost.",
      discussion: "Example: muster run reconnect --on role=web")

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.run(.reconnect) }
  }

  struct Shutdown: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop the collector, as SIGTERM does. Nothing here starts it again.",
      discussion: "Example: muster run shutdown --on instance=web1 --message 'host goes away'")

    @Flag(help: "It is meant, also for more than one host.")
    var yes = false

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.run(.shutdown, isConfirmed: yes) }
  }
}
