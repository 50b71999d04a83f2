public import ProcFS

/// One mount that may never answer. Its state belongs to the ``ProbeCrew`` it is given to, and is touched
/// under that one's lock only.
///
///     idle ──submit──► queued ──a thread takes it──► asked ──answer──► idle
public final class MountProbe {
  enum Phase {
    case idle
    case queued
    /// Since when, by the sampler's clock.
    case asked(since: Int64)
  }

  /// What is known of a mount.
  public enum Reading {
    /// Its last answer; nil if there was none yet.
    case answer(Result<FilesystemUsage, SystemCallError>?)
    /// It is being waited for longer than ``ProbeCrew/deadlineNanoseconds``.
    case stuck(since: Int64)
  }

  /// The mount point, with a NUL at the end.
  let path: [CChar]
  var phase = Phase.idle
  var answer: Result<FilesystemUsage, SystemCallError>?

  /// A mount nobody has asked yet. `path` ends with a NUL.
  public init(path: [CChar]) {
    self.path = path
  }
}
