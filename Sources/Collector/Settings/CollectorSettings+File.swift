import Link
import Logging
import Sampling
import Settings
import StructuredLog
import Wire

extension CollectorSettings {
  /// Reads every key of a settings file.
  mutating func read(_ root: SettingsSection) throws(SettingsError) {
    if let value = try root.hostPort("aggregator", defaultPort: Self.defaultPort) { aggregator = value }
    if let section = try root.section("tls") { tls = try Self.tls(section) }
    if let value = try root.boolean("insecure") { insecure = value }
    if let value = try root.duration("interval", in: Self.intervals) { interval = value }
    if let value = try root.string("instance", maximumBytes: MessageLimits.instanceBytes) { instance = value }
    if let pairs = try root.stringMap("labels", maximumCount: MessageLimits.labels, check: Self.checkLabel) {
      labels = pairs.map { Label($0.name, $0.text) }
    }
    if let value = try root.string("state_directory") { stateDirectory = value }
    if let section = try root.section("buffer") {
      if let value = try section.bytes("bytes", in: Self.bufferBytes) { buffer.maximumBytes = value }
      if let value = try section.integer("frames", in: Self.bufferFrames) { buffer.maximumFrames = value }
    }
    if let value = try root.duration("heartbeat_interval", in: Self.heartbeatIntervals) {
      heartbeatInterval = value
    }
    if let value = try root.string("root") { self.root = value }
    if let section = try root.section("filters") { try filters.read(section) }
    if let value = try root.integer("cgroups_limit", in: FilterSettings.cgroupsLimits) {
      filters.cgroupsLimit = value
    }
    if let value = try root.integer("top_processes", in: FilterSettings.topProcessesLimits) {
      filters.topProcesses = value
    }
    if let value = try root.choice("process_groups", of: GroupedBy.self) {
      filters.processGrouping = value.grouping
    }
    if let section = try root.section("sources") { sources = try Self.sources(section) }
    if let value = try root.string("textfile_directory") { textfileDirectory = value }
    if let value = try root.choice("recorder", of: OnOff.self) { recorder = value == .on }
    if let section = try root.section("budget") { try budget.read(section) }
    if let section = try root.section("remote") { try remote.read(section) }
    if let section = try root.section("log") {
      if let value = try section.choice("format", of: LogFormat.self) { logFormat = value }
      if let value = try section.choice("level", of: Logger.Level.self) { logLevel = value }
    }
    try root.rejectUnknownKeys()
  }

  private static func tls(_ section: SettingsSection) throws(SettingsError) -> LinkTLS {
    var tls = LinkTLS()
    tls.caFile = try section.string("ca_file")
    tls.serverName = try section.string("server_name", maximumBytes: 253)
    tls.pinnedSHA256 = try section.value("pinned_sha256", "a SHA-256 fingerprint") {
      (text) throws(InvalidValue) in
      guard let pin = CertificatePin(text) else {
        throw InvalidValue("expected 64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` prints")
      }
      return pin
    }
    tls.certificateFile = try section.string("certificate_file")
    tls.keyFile = try section.string("key_file")
    return tls
  }

  /// Names as Prometheus takes them; `instance` has a key of its own.
  private static func checkLabel(_ name: String, _ value: String) throws(InvalidValue) {
    let isName = name.utf8.enumerated().allSatisfy { position, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): position > 0
      default: false
      }
    }
    guard isName, !name.isEmpty, name.utf8.count <= MessageLimits.nameBytes else {
      throw InvalidValue("is not a label name; accepted are letters, digits and _, not starting with a digit")
    }
    guard !name.hasPrefix("__") else { throw InvalidValue("starts with __, which is reserved") }
    guard name != "instance" else { throw InvalidValue("is set by the key instance, outside of labels") }
    guard !value.isEmpty, value.utf8.count <= MessageLimits.labelValueBytes else {
      throw InvalidValue("needs a value of 1 to \(MessageLimits.labelValueBytes) bytes")
    }
  }
}
