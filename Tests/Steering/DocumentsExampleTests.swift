import Foundation
import Settings
import Testing
import Wire

@testable import Steering

/// collector-config/fleet.yaml, which operators copy from.
@Suite struct DocumentsExampleTests {
  private static func example() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "collector-config/fleet.yaml"), encoding: .utf8)
  }

  /// The document with every `#key` used.
  private static func full() throws -> String {
    try example().split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let indent = line.prefix { $0 == " " }
      let rest = line.dropFirst(indent.count)
      guard rest.hasPrefix("#"), let first = rest.dropFirst().first, first.isLowercase else {
        return String(line)
      }
      return String(indent + rest.dropFirst())
    }.joined(separator: "\n")
  }

  @Test func isADocument() throws {
    let config = try ConfigText.parse(try Self.example(), file: "fleet.yaml")
    #expect(config.problems().isEmpty)
    #expect(ConfigText.entries(of: config).map(\.key) == ["interval", "sources.filesystem", "log.level"])
  }

  @Test func namesEveryKey() throws {
    let config = try ConfigText.parse(try Self.full(), file: "fleet.yaml")
    #expect(config.problems().isEmpty)
    #expect(config.sources.map(\.name) == ConfigSchema.sourceNames.sorted())
    #expect(config.filters.map(\.name) == ConfigSchema.filterNames.sorted())
    let keys = Set(ConfigText.entries(of: config).map { $0.key.prefix { $0 != "." } })
    #expect(
      keys == [
        "interval", "heartbeat_interval", "sources", "filters", "labels", "buffer", "budget", "recorder",
        "log",
      ])
    #expect(config.bufferBytes > 0 && config.bufferFrames > 0)
    #expect(config.cpuBudgetRatio > 0 && config.memoryBudgetBytes > 0)
  }
}
