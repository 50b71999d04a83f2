import Glibc
import ProcFS
import Sampling
import Wire

/// Asks all mounts how full they are, each that may be slow on a thread of a `ProbeCrew`.
///
/// It outlives commands: a mount that does not answer is not asked again by the next one.
final class MountSurveyor {
  private let calls: KernelCalls
  private let clock: @Sendable () -> Int64
  /// Nil while nobody waits for an answer: no thread is kept for the next command.
  private var crew: ProbeCrewOwner?
  /// By mount point: what is being waited for.
  private var open: [String: MountProbe] = [:]

  init(calls: KernelCalls, clock: @escaping @Sendable () -> Int64) {
    self.calls = calls
    self.clock = clock
  }

  /// Asks a mount that answers from memory.
  func askNow(_ path: String) -> Result<FilesystemUsage, SystemCallError> {
    path.withCString { calls.filesystemUsage($0) }
  }

  /// Has a mount asked; `reading` tells what came of it.
  func ask(_ point: String, at path: String) {
    let crew = crew ?? ProbeCrewOwner(ProbeCrew(usage: calls.filesystemUsage, clock: clock))
    self.crew = crew
    let probe = open[point] ?? MountProbe(path: Array(path.utf8CString))
    open[point] = probe
    crew.crew.submit(probe)
    crew.crew.advance(at: clock())
  }

  /// What is known of a mount that was asked. After its answer it is forgotten.
  func reading(of point: String) -> MountProbe.Reading {
    guard let crew, let probe = open[point] else { return .answer(nil) }
    crew.crew.advance(at: clock())
    let reading = crew.crew.reading(of: probe, at: clock())
    if case .answer(.some) = reading { open[point] = nil }
    return reading
  }

  /// A command is done with its mounts.
  func rest() {
    if open.isEmpty { crew = nil }
  }

  /// How long something that began at `since` has lasted, in seconds.
  func seconds(since: Int64) -> Int64 { max(clock() &- since, 0) / 1_000_000_000 }
}
