import Glibc
import Sampling
import Settings
import Testing
import Wire

@testable import Collector

/// `collector-config/collector.yaml`, which shows every key with its default or an example.
@Suite struct ShippedConfigurationTests {
  private func shippedText() throws -> String {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let descriptor = open("/\(folder)/../../collector-config/collector.yaml", O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// Lines of the form `# key: value`, without the `# `.
  private func uncommented(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let content = line.dropFirst(2)
      let key = content.drop { $0 == " " }.prefix { $0.isLowercase || $0.isNumber || $0 == "_" }
      let isKey = line.hasPrefix("# ") && !key.isEmpty && content[key.endIndex...].hasPrefix(":")
      return isKey ? content : line
    }
    return lines.joined(separator: "\n")
  }

  @Test func itNamesEverySourceAndEveryCommand() throws {
    let text = try shippedText()
    for name in ConfigSchema.sourceNames + CommandKind.allCases.map(\.rawValue) {
      #expect(text.contains(name), "\(name)")
    }
  }

  @Test func asShippedItSaysNothing() throws {
    #expect(try SettingsDocument(text: shippedText(), file: "c").root.keys == [])
  }

  @Test func everyKeyInItIsGoodAndNoneIsMissing() throws {
    let root = try SettingsDocument(text: uncommented(shippedText()), file: "c").root
    var settings = CollectorSettings()
    try settings.read(root)
    try settings.validate()
    #expect(
      root.keys == [
        "aggregator", "tls", "insecure", "interval", "instance", "labels", "state_directory", "buffer",
        "heartbeat_interval", "root", "filters", "cgroups_limit", "top_processes",
        "process_groups", "sources", "textfile_directory", "recorder",
        "budget",
        "remote",
        "log",
      ])
    #expect(settings.labels == [Label("env", "prod"), Label("role", "web")])
    #expect(settings.filters.networkInterfaces.exclude?.map(\.text) == ["veth*", "docker*"])
    #expect(settings.sources["diskstats"] == SourceSettings(isEnabled: false))
    #expect(settings.remote.forbidden == [.shutdown, .topProcesses])
    // What is not an example is the default.
    let defaults = CollectorSettings()
    #expect(settings.budget == defaults.budget && settings.recorder == defaults.recorder)
    #expect(settings.remote.allowsConfig == defaults.remote.allowsConfig)
    #expect(settings.remote.minimumInterval == defaults.remote.minimumInterval)
    #expect(settings.aggregator == defaults.aggregator && settings.interval == defaults.interval)
    #expect(settings.buffer == defaults.buffer && settings.heartbeatInterval == defaults.heartbeatInterval)
    #expect(settings.stateDirectory == defaults.stateDirectory && settings.root == defaults.root)
    #expect(settings.logFormat == defaults.logFormat && settings.logLevel == defaults.logLevel)
  }
}
