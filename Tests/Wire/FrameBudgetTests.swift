import Glibc
import Testing

@testable import Wire

/// What a frame of a quiet host costs. Fixtures/quiet-host.txt is an idle Debian 12 machine: 370 values of
/// /proc, read once a second for a minute; absolute values in the first line, then `index:change`.
@Suite struct FrameBudgetTests {
  private static let seconds: [[Int64]] = {
    let path = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let lines = read("/" + path + "/Fixtures/quiet-host.txt").split(
      separator: "\n", omittingEmptySubsequences: false)
    var values = lines[0].split(separator: " ").map { Int64($0)! }
    return [values]
      + lines.dropFirst().dropLast().map { line in
        for change in line.split(separator: " ") {
          let parts = change.split(separator: ":")
          values[Int(parts[0])!] += Int64(parts[1])!
        }
        return values
      }
  }()

  private static func read(_ path: String) -> String {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = Glibc.read(file, &bytes, bytes.count)
    return String(decoding: bytes[..<max(count, 0)], as: UTF8.self)
  }

  @Test(arguments: [(everySeconds: 1, budget: 0.3), (everySeconds: 5, budget: 0.5)])
  func aQuietHostCostsLessThanItsBudget(_ everySeconds: Int, _ budget: Double) throws {
    var host = TestHost()
    for index in Self.seconds[0].indices { host.add("node_metric_\(index)_total", 0) }
    let decoder = FrameDecoder()
    var bytes = 0
    var samples = 0
    for second in stride(from: 0, to: Self.seconds.count, by: everySeconds) {
      host.values = Self.seconds[second]
      try decoder.see(host.frame(opening: second == 0 ? opening : nil))
      #expect(decoder.state == host.state)
      guard second > 0, let last = host.last else { continue }
      bytes += last.bytes
      samples += last.samples
    }
    #expect(Self.seconds[0].count == 370)
    #expect(Double(bytes) / Double(samples) < budget)
  }
}
