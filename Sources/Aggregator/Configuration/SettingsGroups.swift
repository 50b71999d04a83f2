public import Logging
import Settings
public import StructuredLog

/// The certificate the aggregator shows, and the one it wants to see.
public struct ServerTLSSettings: Hashable, Sendable {
  /// PEM: the server's certificate, then its intermediates.
  public var certificateFile: String
  /// PEM: the certificate's private key.
  public var keyFile: String
  /// PEM: who may sign client certificates.
  public var clientCAFile: String?
  /// Refuse connections without a client certificate.
  public var requireClientCertificate = false

  init(_ section: SettingsSection) throws(SettingsError) {
    let certificate = try section.string("certificate_file")
    let key = try section.string("key_file")
    clientCAFile = try section.string("client_ca_file")
    requireClientCertificate = try section.boolean("require_client_certificate") ?? false
    guard let certificate else {
      throw section.error(at: "certificate_file", "is missing; TLS needs the server's certificate, as PEM")
    }
    guard let key else {
      throw section.error(at: "key_file", "is missing; TLS needs the private key of certificate_file, as PEM")
    }
    guard !requireClientCertificate || clientCAFile != nil else {
      throw section.error(
        at: "require_client_certificate",
        "needs client_ca_file: without it no client certificate could be verified")
    }
    certificateFile = certificate
    keyFile = key
  }
}

/// The last minutes of every host, in memory.
public struct HotSettings: Hashable, Sendable {
  /// How long samples are kept.
  public var retention = Duration.seconds(300)
  /// The most memory one host's samples may take, in bytes; the oldest go first.
  public var maximumBytesPerHost = 8 << 20

  mutating func read(_ section: SettingsSection) throws(SettingsError) {
    retention = try section.duration("retention", in: .seconds(10)...(.seconds(3600))) ?? retention
    maximumBytesPerHost =
      try section.bytes("memory_per_host", in: 64 << 10...1 << 30) ?? maximumBytesPerHost
  }
}

/// What may come in at most. Above a limit the newcomer is refused, never one who is already there.
public struct LimitSettings: Hashable, Sendable {
  /// Open connections of all kinds.
  public var connections = 10_000
  /// Of them from one IPv4 address or IPv6 /64 network; `nil`: as many as there may be.
  public var connectionsPerAddress: Int?
  /// A connection without an open call for so long is closed.
  public var connectionIdle = Duration.seconds(900)
  /// How long a connection lives before its peer is asked to connect anew; `nil`: as long as it likes.
  public var connectionAge: Duration?
  /// Hosts in the registry.
  public var hosts = 10_000
  /// Series of one host.
  public var seriesPerHost = 20_000
  /// How long a host that is gone stays in the registry.
  public var forgetHostsAfter = Duration.seconds(24 * 3600)

  mutating func read(_ section: SettingsSection) throws(SettingsError) {
    connections = try section.integer("connections", in: 1...1_000_000) ?? connections
    connectionsPerAddress = try section.integer("connections_per_address", in: 1...1_000_000)
    connectionIdle =
      try section.duration("connection_idle", in: .seconds(1)...(.seconds(30 * 86_400))) ?? connectionIdle
    connectionAge = try section.duration("connection_age", in: .seconds(10)...(.seconds(30 * 86_400)))
    hosts = try section.integer("hosts", in: 1...1_000_000) ?? hosts
    seriesPerHost = try section.integer("series_per_host", in: 1...1_000_000) ?? seriesPerHost
    forgetHostsAfter =
      try section.duration("forget_hosts_after", in: .seconds(60)...(.seconds(365 * 86_400)))
      ?? forgetHostsAfter
  }
}

/// How often one host is told what has arrived: after `interval` or `frames`, whichever comes first.
public struct AcknowledgementSettings: Hashable, Sendable {
  /// The shortest time between two acknowledgements to one host, and the longest that a frame waits for one. A host
  /// keeps so much more of what it has sent, a hundred bytes a frame; an aggregator that lost its memory gets it again.
  public var interval = Duration.seconds(5)
  /// So many unacknowledged frames are acknowledged without waiting.
  public var frames = 64

  /// The defaults.
  public init() {}

  mutating func read(_ section: SettingsSection) throws(SettingsError) {
    interval = try section.duration("interval", in: .zero ... .seconds(10)) ?? interval
    frames = try section.integer("frames", in: 1...100_000) ?? frames
  }
}

/// The program's log.
public struct LogSettings: Hashable, Sendable {
  /// Text or JSON lines.
  public var format = LogFormat.text
  /// Lines below this level are not written.
  public var level = Logger.Level.info

  mutating func read(_ section: SettingsSection) throws(SettingsError) {
    format = try section.choice("format", of: LogFormat.self) ?? format
    level = try section.choice("level", of: Logger.Level.self) ?? level
  }
}
