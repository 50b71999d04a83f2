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
  /// Values in the CPU history of a host's vitals.
  public static let historyValues = 1024
}
