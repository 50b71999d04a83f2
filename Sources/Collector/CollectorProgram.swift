// Collector: one host's agent. Samples /proc on the wall clock's intervals, packs each sample into a
// frame, and keeps every frame until the aggregator has acknowledged it.
//
//     Sampling ─► SampleTable ─► FrameEncoder ─► FrameRing ─► Uplink ─► LinkDriver ─► Link
//        ▲  └──► Recorder                                       │
//     Cadence                                                   ▼
//        ▲                             ConfigKeeper, CommandDesk: what the aggregator wants
//        └─── CollectorHost ◄─── CollectorCore ◄────────────────┘
//                  ▲                   ▲
//                  └── CollectorLoop ──┘ (poll: timer, signals, socket)
//
// What decides (Cadence, FrameRing, Uplink, ConfigKeeper, CommandDesk, Budget) does no I/O and reads no clock;
// the loop and the host do both and decide nothing. One thread; no allocation in the steady state. Every buffer has a limit with a
// name, and a counter of what it dropped (SelfMetrics).

import GRPC
import Glibc
import Link
import Logging
import Settings
import StructuredLog
import Wire

/// The program `muster-collector`.
public enum CollectorProgram {
  /// Runs it with the process's arguments, the program's name first.
  ///
  /// - Returns: the exit code, one of `sysexits.h`; `--help` lists them.
  public static func main(_ arguments: [String]) -> Int32 {
    let flags: Arguments
    do { flags = try Arguments(parsing: Array(arguments.dropFirst())) } catch {
      complain("muster-collector: \(error)\nTry muster-collector --help.")
      return ExitCode.usage
    }
    switch flags.mode {
    case .help: return Output.print(Help.text)
    case .version: return Output.print("muster-collector \(MusterVersion.current)\n")
    case .listMetrics: return Output.print(MetricsReference.markdown)
    case .run, .once, .selfCheck, .checkConfig: break
    }
    do { return try perform(flags, try loadSettings(flags)) } catch {
      complain("\(error)")
      return error.exitCode
    }
  }

  private static func loadSettings(_ flags: Arguments) throws(CollectorFailure) -> CollectorSettings {
    do { return try CollectorSettings.load(flags) } catch {
      throw CollectorFailure(ExitCode.configuration, error.description)
    }
  }

  private static func perform(
    _ flags: Arguments, _ settings: CollectorSettings
  ) throws(CollectorFailure) -> Int32 {
    switch flags.mode {
    case .once:
      return Once.run(settings)
    case .selfCheck:
      return SelfCheck.run(settings)
    case .checkConfig:
      try checkFiles(settings)
      return Output.print("the settings are good: \(Startup.summary(settings))\n")
    case .run, .help, .version, .listMetrics:
      try checkFiles(settings)
      try Startup.run(settings) { () throws(SettingsError) in try CollectorSettings.load(flags) }
      return ExitCode.ok
    }
  }

  /// Certificates that cannot be read are an error now, not at every attempt to connect.
  private static func checkFiles(_ settings: CollectorSettings) throws(CollectorFailure) {
    do { try settings.connectionTLS?.check() } catch {
      throw CollectorFailure(ExitCode.configuration, error.message)
    }
  }

  private static func complain(_ text: String) {
    var line = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, &line, line.count)
  }
}
