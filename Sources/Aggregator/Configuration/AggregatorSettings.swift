public import Settings
import Wire

/// Everything an operator can set: defaults here, then the file, then the flags. Read once, at the start.
///
/// Every key stands, with what it means, in `collector-config/aggregator.yaml`.
public struct AggregatorSettings: Sendable {
  /// The port when none is written.
  public static let defaultPort = 7600
  /// Where the settings are when no file is named.
  public static let defaultFile = "/etc/muster/aggregator.yaml"
  /// Where the fleet's records are kept when nothing is written.
  public static let defaultStateDirectory = "/var/lib/muster-aggregator"

  /// Where collectors, the CLI and other programs connect.
  public var listen = HostPort(host: "127.0.0.1", port: AggregatorSettings.defaultPort)
  /// The aggregator's own name among the hosts.
  public var instance = "muster-aggregator"
  /// The folder of the fleet's records: hosts, configuration, rollouts, the audit log.
  public var stateDirectory = AggregatorSettings.defaultStateDirectory
  /// `nil`: plaintext.
  public var tls: ServerTLSSettings?
  /// Plaintext on an address that others can reach.
  public var insecure = false
  /// The hot tier.
  public var hot = HotSettings()
  /// What may come in at most.
  public var limits = LimitSettings()
  /// How often one host is told what has arrived.
  public var acknowledgement = AcknowledgementSettings()
  /// How log lines look, and which are written.
  public var log = LogSettings()

  /// The defaults.
  public init() {}

  /// Reads a parsed document over the defaults.
  public init(_ document: SettingsDocument) throws(SettingsError) {
    let root = document.root
    listen = try root.hostPort("listen", defaultPort: Self.defaultPort, ports: 0...65535) ?? listen
    instance = try root.string("instance", maximumBytes: MessageLimits.instanceBytes) ?? instance
    stateDirectory = try root.string("state_directory") ?? stateDirectory
    insecure = try root.boolean("insecure") ?? insecure
    if let section = try root.section("tls") { tls = try ServerTLSSettings(section) }
    if let section = try root.section("hot") { try hot.read(section) }
    if let section = try root.section("limits") { try limits.read(section) }
    if let section = try root.section("acknowledgement") { try acknowledgement.read(section) }
    if let section = try root.section("log") { try log.read(section) }
    try root.rejectUnknownKeys()
  }

  /// Checks what one key alone cannot show: plaintext is served to a network only if that was written down.
  public func validate() throws(InvalidAggregatorSetting) {
    if insecure, tls != nil {
      throw InvalidAggregatorSetting(
        key: "insecure", message: "contradicts the tls section; remove one of them")
    }
    guard tls != nil || insecure || listen.isLoopback else {
      throw InvalidAggregatorSetting(
        key: "listen",
        message: """
          \(listen) without TLS would let anyone on that network read and forge the fleet's data; set \
          tls.certificate_file and tls.key_file, or listen on 127.0.0.1, or, where the network itself is trusted, \
          set insecure: true (--insecure)
          """)
    }
  }
}

/// Settings that are good each for itself but not together.
public struct InvalidAggregatorSetting: Error, Hashable, Sendable {
  /// The offending key, with its section.
  public var key: String
  /// What is wrong, and what to do.
  public var message: String
}
