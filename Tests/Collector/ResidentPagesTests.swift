import Glibc
import Testing

@testable import Collector

@Suite struct ResidentPagesTests {
  @Test func whatIsGivenBackIsCodeAndNothingThatCanBeWritten() throws {
    let segments = ResidentPages.unwrittenSegments()
    let page = UInt(getpagesize())
    #expect(segments.allSatisfy { $0.lowerBound % page == 0 && $0.upperBound % page == 0 })
    let code = try #require(dlsym(nil, "getpid"))
    #expect(segments.contains { $0.contains(UInt(bitPattern: code)) })
    let variable = try #require(dlsym(nil, "environ"))
    #expect(!segments.contains { $0.contains(UInt(bitPattern: variable)) })
  }

  @Test func whatRunsGoesOnRunning() {
    let before = (0..<1000).map { String($0) }
    ResidentPages.release()
    #expect(before == (0..<1000).map { String($0) })
  }
}
