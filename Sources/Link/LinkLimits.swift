/// The bounds of one link. The defaults suit a fleet's collectors.
public struct LinkLimits: Hashable, Sendable {
  /// From `open` to `connected`: resolving, all addresses, handshakes.
  public var connectTimeout: Duration = .seconds(10)
  /// The most that one address gets while others are left to try; the last one gets all the time that is left.
  public var attemptTimeout: Duration = .seconds(3)
  /// The least that one address gets, however many there are.
  public var attemptTimeoutMinimum: Duration = .milliseconds(500)
  /// How long, after gRPC has finished, the last output and the end of the peer's half are waited for.
  public var lingerTimeout: Duration = .seconds(2)
  /// How long sent bytes may stay unacknowledged before the kernel gives the connection up (TCP_USER_TIMEOUT).
  public var unacknowledgedTimeout: Duration = .seconds(30)
  /// Bytes of payload received in one call of `handle` or `tick`; the rest waits, so that a flood starves nobody.
  public var readBytesPerCall = 256 * 1024
  /// Bytes of payload sent in one call of `handle`, `tick` or `flush`.
  public var writeBytesPerCall = 256 * 1024

  /// Payload bytes read at once: one TLS record (RFC 8446, section 5.1).
  static let readBufferBytes = 16 * 1024
  /// Addresses of one name that are tried; what a resolver answers beyond is ignored.
  static let maximumAddresses = 16
  /// Name lookups of the whole process at once. A link has at most one.
  static let maximumLookups = 4

  /// The defaults.
  public init() {}
}
