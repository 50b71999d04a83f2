import Testing
import TimeSeries
import Wire

@Suite struct StreamMapTests {
  /// A frame's changes are handed to the hot tier as they lie: the two modules know nothing of each other.
  @Test func aChangeLooksTheSameInBothModules() {
    typealias Change = DecodedFrame.Change
    #expect(MemoryLayout<Change>.stride == MemoryLayout<HotChange>.stride)
    #expect(MemoryLayout<Change>.offset(of: \.index) == MemoryLayout<HotChange>.offset(of: \.index))
    #expect(MemoryLayout<Change>.offset(of: \.raw) == MemoryLayout<HotChange>.offset(of: \.raw))
  }
}
