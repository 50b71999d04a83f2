import Testing

@testable import Wire

@Suite struct SeriesDescriptorTests {
  @Test(arguments: [
    (raw: 12345 as Int64, multiplier: 1 as UInt32, divisor: 100 as UInt32, shown: 123.45),
    (raw: 7, multiplier: 1, divisor: 1, shown: 7),
    (raw: 7, multiplier: 0, divisor: 0, shown: 7),
    (raw: -5, multiplier: 1024, divisor: 1, shown: -5120),
    (raw: 1, multiplier: 1, divisor: 3, shown: 1.0 / 3),
    (raw: 3, multiplier: 512, divisor: 1000, shown: 1.536),
    (raw: .max, multiplier: 1, divisor: 1, shown: 0x1p63),
    (raw: .max, multiplier: 4096, divisor: 1, shown: 0x1p75),
    (raw: .min, multiplier: 4096, divisor: 4096, shown: -0x1p63),
    (raw: 9_007_199_254_740_993, multiplier: 1, divisor: 1, shown: 9_007_199_254_740_992),
  ])
  func anIntegerIsMultipliedAndDivided(_ raw: Int64, _ multiplier: UInt32, _ divisor: UInt32, _ shown: Double)
  {
    let series = SeriesDescriptor("x", kind: .counter, multiplier: multiplier, divisor: divisor)
    #expect(series.value(ofRaw: raw) == shown)
  }

  @Test func aDoubleIsItself() {
    let series = SeriesDescriptor("x", kind: .gauge, type: .double, multiplier: 5, divisor: 7)
    #expect(series.value(ofRaw: Int64(bitPattern: 0.1.bitPattern)) == 0.1)
  }

  @Test(arguments: ["a", "A_9:b", ":", "_", "node_cpu_seconds_total"])
  func areMetricNames(_ name: String) { #expect(SeriesDescriptor.isName(name)) }

  @Test(arguments: ["", "9", "a-b", "a b", "é", "a\u{0}"])
  func areNone(_ name: String) { #expect(!SeriesDescriptor.isName(name)) }

  @Test func aLabelNameHasNoColon() {
    #expect(Label.isName("a_9"))
    #expect(!Label.isName("a:b"))
  }
}
