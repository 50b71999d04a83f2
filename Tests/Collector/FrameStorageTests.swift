import Testing

@testable import Collector

@Suite struct FrameStorageTests {
  @Test func storageOfAHugeFrameIsNotKeptForSmallOnes() {
    var frame = [UInt8](repeating: 1, count: 40_000)
    frame.removeFrame()
    #expect(frame.capacity >= 40_000)
    frame.append(contentsOf: [UInt8](repeating: 2, count: 200))
    frame.removeFrame()
    #expect(frame.isEmpty && frame.capacity < 1000)
  }

  @Test func storageOfOrdinaryFramesIsKept() {
    for (large, small) in [(12_000, 100), (40_000, 10_000)] {
      var frame = [UInt8](repeating: 1, count: large)
      frame.removeFrame()
      frame.append(contentsOf: [UInt8](repeating: 2, count: small))
      let place = frame.withUnsafeBytes { $0.baseAddress }
      frame.removeFrame()
      frame.append(contentsOf: [UInt8](repeating: 3, count: small))
      #expect(frame.withUnsafeBytes { $0.baseAddress } == place)
    }
  }
}
