import Testing
import Wire

@testable import Sampling

@Suite struct PrometheusTextTests {
  @Test(
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (0.36, "0.36"), (524.43, "524.43"),
      (100, "100"), (120000, "120000"), (123456, "123456"), (999999.5, "999999.5"), (1_000_000, "1e+06"),
      (1_234_567, "1.234567e+06"), (1_795_215_988, "1.795215988e+09"), (0.0001, "0.0001"),
      (0.00012, "0.00012"), (0.00001, "1e-05"), (0.0000123, "1.23e-05"), (0.1 + 0.2, "0.30000000000000004"),
      (Double(Int64.max), "9.223372036854776e+18"), (Double(UInt64.max), "1.8446744073709552e+19"),
      (1e100, "1e+100"), (.leastNonzeroMagnitude, "5e-324"),
      (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
      (1e22, "1e+22"), (123456789012345680, "1.2345678901234568e+17"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (.nan, "NaN"), (33.682283, "33.682283"),
    ] as [(Double, String)])
  func numbersAsGoPrintsThem(_ value: Double, _ expected: String) {
    #expect(GoFloat.text(of: value) == expected)
  }

  @Test func familiesAndSeriesAreInOrder() throws {
    var table = SampleTable()
    let ids = [
      table.register(SeriesDescriptor("b", labels: [Label("z", "2"), Label("a", "x")], kind: .counter)),
      table.register(SeriesDescriptor("a", kind: .gauge, divisor: 100)),
      table.register(SeriesDescriptor("b", labels: [Label("a", "x"), Label("z", "10")], kind: .counter)),
      table.register(SeriesDescriptor("c", kind: .untyped)),
      table.register(SeriesDescriptor("b", labels: [Label("a", "q\"\\\n"), Label("z", "")], kind: .counter)),
    ]
    table.begin()
    for id in ids.compactMap({ $0 }) where id != 3 { table.set(id, 1_000_000) }
    var text: [UInt8] = []
    PrometheusText.write(table, into: &text)
    #expect(
      String(decoding: text, as: UTF8.self) == #"""
        # TYPE a gauge
        a 10000
        # TYPE b counter
        b{a="q\"\\\n",z=""} 1e+06
        b{a="x",z="10"} 1e+06
        b{a="x",z="2"} 1e+06

        """#)
  }
}
