/// How large the parts of a message may be. A message that exceeds one is refused with INVALID_ARGUMENT
/// when it is decoded; senders are expected to stay below. (The size of a whole message is bounded by
/// GRPC; the columns of a metric frame by `FrameLimits`.)
public enum MessageLimits {
  /// Bytes of a host id or boot id.
  public static let identifierBytes = 64
  /// Bytes of an instance name.
  public static let instanceBytes = 256
  /// Bytes of a metric name or label name.
  public static let nameBytes = 256
  /// Bytes of a label's value.
  public static let labelValueBytes = 1024
  /// Labels of one series, or of one host.
  public static let labels = 32
  /// Bytes of a unit.
  public static let unitBytes = 32
  /// Bytes of a version, kernel release, architecture, operating system or address.
  public static let descriptionBytes = 256
  /// Bytes of a reason given by a person or program.
  public static let reasonBytes = 1024
  /// Bytes of a selector, or of a metric pattern.
  public static let selectorBytes = 4096
  /// Hosts in one message.
  public static let hosts = 50_000
  /// Samples in one message, or series described or listed in one message of a tail.
  public static let samples = 200_000
  /// Frames in one message of a tail.
  public static let tailFrames = 10_000
  /// Processes in one frame, and groups of them: as many of each of three orders as a collector is let list.
  public static let frameProcesses = 3 * 50
  /// Bytes of a command line in a frame.
  public static let frameCommandLineBytes = 1024
  /// Values in the CPU history of a host's vitals.
  public static let historyValues = 1024

  // Commands

  /// Bytes of the key that makes two requests one.
  public static let idempotencyKeyBytes = 64
  /// Names of commands, or other capabilities, of one host.
  public static let capabilities = 64
  /// Bytes that one part of a command's output may have. More goes into further parts.
  public static let outputPartBytes = 256 << 10
  /// Processes in one list, and groups.
  public static let processes = 1000
  /// Bytes of a process's command line.
  public static let commandLineBytes = 4096
  /// Bytes of a path.
  public static let pathBytes = 4096
  /// Mounts in one list.
  public static let mounts = 10_000
  /// Frames in one part of a recorder.
  public static let recorderFrames = 3600
  /// Minutes in one part of a recorder.
  public static let recorderMinutes = 60
  /// Lines of a report, or of a rollout's history.
  public static let reportLines = 1000

  // Configuration

  /// Bytes of a packed `CollectorConfig`. One without problems is always smaller.
  public static let configBytes = 2 << 20
  /// Sources in a config.
  public static let configSources = 64
  /// Filters in a config.
  public static let configFilters = 64
  /// Patterns of one list of a filter.
  public static let configPatterns = 256
  /// Hashes of configs that are not to be sent again.
  public static let failedConfigs = 256
  /// Problems of one config.
  public static let problems = 1000
  /// Bytes of the key of a value.
  public static let configKeyBytes = 512
  /// Bytes of a value as a document would write it.
  public static let configValueBytes = 128 << 10

  // Rollouts and the audit log

  /// Bytes of a document.
  public static let yamlBytes = 64 << 10
  /// Bytes of the name of whoever asks, or holds a lease.
  public static let authorBytes = 256
  /// Waves of a rollout.
  public static let waves = 100
  /// States that hosts of a rollout are counted by.
  public static let rolloutCounts = 32
  /// Hosts that stand in a rollout's way and are named.
  public static let troubledHosts = 100
  /// Documents or rollouts in one message.
  public static let documents = 10_000
  /// Layers that select one host, or that give one value.
  public static let layers = 1000
  /// Values that config gives one host.
  public static let explainedValues = 10_000
  /// Bytes of a line of the audit log.
  public static let detailBytes = 4096
  /// Hosts of an entry of the audit log that are named.
  public static let auditHosts = 1000
}
