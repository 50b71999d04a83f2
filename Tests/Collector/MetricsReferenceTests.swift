import Glibc
import ProcFS
import Testing

@testable import Collector

/// docs/METRICS.md is what the code says. With UPDATE_GOLDEN=1 in the environment it is written instead.
@Suite struct MetricsReferenceTests {
  @Test func thePageIsUpToDate() throws {
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    let text = Array(MetricsReference.markdown.utf8)
    if getenv("UPDATE_GOLDEN") != nil {
      let file = open(root + "/docs/METRICS.md", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
      #expect(write(file, text, text.count) == text.count)
      close(file)
      return
    }
    var buffer = ReadBuffer()
    let page = try KernelFile("docs/METRICS.md", of: ProcRoot(path: root)).read(into: &buffer)
    #expect(
      String(decoding: page, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        == MetricsReference.markdown.split(separator: "\n", omittingEmptySubsequences: false),
      "UPDATE_GOLDEN=1 swift test --filter MetricsReferenceTests writes it anew")
  }
}
