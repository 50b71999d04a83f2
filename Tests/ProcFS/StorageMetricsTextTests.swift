import Glibc
import Testing

@testable import ProcFS

@Suite struct StorageMetricsTextTests {
  private func parse(_ bytes: [UInt8]) throws -> [MetricsText.Sample] {
    var text = MetricsText()
    try bytes.withUnsafeBytes { try text.parse($0, file: "a.prom") }
    return text.samples
  }

  private func parse(_ text: String) throws -> [MetricsText.Sample] { try parse(Array(text.utf8)) }

  @Test func everythingTheFormatHas() throws {
    let samples = try parse(
      """
      # HELP backup_bytes What \\\\ it \\n takes.
      # TYPE backup_bytes gauge
      backup_bytes{volume="/srv",} 1.2e+09

        # just a remark {
      #HELP
      # TYPE
      # TYPE alone
      # TYPE runs_total COUNTER
      \t runs_total \t 7 \t
      odd:name{ a = "x\\\\y\\"z\\n" , b="}" , c="" }-0.5
      plain 3

      """)
    #expect(samples.map(\.name) == ["backup_bytes", "runs_total", "odd:name", "plain"])
    #expect(samples.map(\.kind) == [.gauge, .counter, .untyped, .untyped])
    #expect(samples.map(\.value) == [1.2e9, 7, -0.5, 3])
    #expect(samples.map(\.line) == [3, 10, 11, 12])
    #expect(samples[2].labels.map(\.name) == ["a", "b"])
    #expect(samples[2].labels.map(\.value) == ["x\\y\"z\n", "}"])
    #expect(try parse("").isEmpty)
    #expect(try parse("x 1\r\n\r\n").map(\.value) == [1])
  }

  @Test func histogramsAndSummariesFallIntoTheirParts() throws {
    let samples = try parse(
      """
      # TYPE took_seconds histogram
      took_seconds_bucket{le="0.50",q="a"} 3
      took_seconds_bucket{q="a",le="+Inf"} 5
      took_seconds_sum{q="a"} 7.25
      took_seconds_count{q="a"} 5
      # TYPE size_bytes summary
      size_bytes{quantile="0.99"} 12
      size_bytes_sum 100
      size_bytes_count 20
      size_bytes_bucket 1
      alone_count 2

      """)
    #expect(
      samples.map(\.part) == [
        .bucket(0.5), .bucket(.infinity), .sum, .count, .quantile(0.99), .sum, .count, .value, .value,
      ])
    #expect(samples.map { $0.labels.map(\.name) }.prefix(4) == [["q"], ["q"], ["q"], ["q"]])
    #expect(samples[7].kind == .untyped && samples[8].kind == .untyped)
  }

  @Test(
    arguments: [
      ("0", 0), ("-1", -1), ("+2", 2), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001),
      ("9223372036854775808", 9_223_372_036_854_775_808), ("+Inf", .infinity), ("-inf", -.infinity),
      ("Infinity", .infinity), ("1e-400", 0), ("", nil), ("1e999", nil), ("0x10", nil), ("1_000", nil),
      ("1,5", nil),
      ("nan(1)", nil), ("--1", nil), ("e", nil), ("1e", nil), (".", nil),
    ] as [(String, Double?)])
  func numbers(_ text: String, _ expected: Double?) {
    #expect(MetricsLine.number(text) == expected)
  }

  @Test func noNumberIsANumberToo() throws {
    #expect(try parse("x NaN\n").first?.value.isNaN == true)
  }

  @Test(arguments: [
    ("x 1", 1, "the line has no end: the file is not whole"),
    ("x 1\ny 2\n{a=\"b\"} 1\n", 3, "a metric name is expected"),
    ("x 1 1395066363000\n", 1, "more than a name, labels and a number: times are not allowed here"),
    ("x{a=\"1\"} 1\nx{b=\"2\",c=\"\"} 1\nx{c=\"\",b=\"2\"} 2\n", 3, "x comes twice with the same labels"),
    ("x{a=\"1\",a=\"2\"} 1\n", 1, "the label a comes twice"),
    ("x{__name__=\"y\"} 1\n", 1, "the label __name__ is reserved"),
    ("x{a} 1\n", 1, "= is expected behind a"), ("x{a=1} 1\n", 1, "\" is expected behind a="),
    ("x{a=\"1\" b=\"2\"} 1\n", 1, ", or } is expected behind the value of a"),
    ("x{a=\"1} 1\n", 1, "the value of a has no end"),
    ("x{a=\"\\t\"} 1\n", 1, "the value of a has a \\ that stands for nothing"),
    ("x{1a=\"\"} 1\n", 1, "a label name or } is expected"), ("x{a:b=\"\"} 1\n", 1, "= is expected behind a"),
    ("x\n", 1, "a number is expected, found \"\""), ("x one\n", 1, "a number is expected, found \"one\""),
    ("x-y 1\n", 1, "a number is expected, found \"-y\""),
    ("# TYPE x gage\n", 1, "not a type of metric: counter, gauge, histogram, summary or untyped"),
    ("# TYPE 1x gauge\n", 1, "a metric name is expected"),
    ("# TYPE x-y gauge\n", 1, "not a metric name behind TYPE"),
    ("# TYPE x gauge\n# TYPE x gauge\n", 2, "a second TYPE of x, or one behind its samples"),
    ("x 1\n# TYPE x gauge\n", 2, "a second TYPE of x, or one behind its samples"),
    ("# HELP x a\n# HELP x b\n", 2, "a second HELP of x"),
    ("# TYPE x histogram\nx 1\n", 2, "x is a histogram; its samples end in _bucket, _sum and _count"),
    ("# TYPE x histogram\nx_bucket 1\n", 2, "x_bucket has no label le"),
    ("# TYPE x summary\nx{quantile=\"a\"} 1\n", 2, "the label quantile of x is not a number"),
    (
      "# TYPE x histogram\nx_bucket{le=\"1\"} 1\nx_bucket{le=\"1.0\"} 1\n", 3,
      "x_bucket comes twice with the same labels"
    ),
  ])
  func saysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "a.prom", line: line, reason: reason)) { try parse(text) }
  }

  @Test func whatIsNotUTF8() throws {
    #expect(
      throws: KernelError.malformed(file: "a.prom", line: 1, reason: "the value of a is not UTF-8")
    ) { try parse(Array("x{a=\"".utf8) + [0xff, 0xfe] + Array("\"} 1\n".utf8)) }
    // A remark may be anything.
    #expect(try parse(Array("# \u{0}".utf8) + [0xff] + Array("\nx 1\n".utf8)).count == 1)
  }

  @Test func limits() throws {
    let many = (0..<MetricsText.maximumSamples).map { "x\($0) 1\n" }.joined()
    #expect(try parse(many).count == MetricsText.maximumSamples)
    #expect(
      throws: KernelError.malformed(
        file: "a.prom", line: MetricsText.maximumSamples + 1, reason: "more than 4096 samples")
    ) { try parse(many + "y 1\n") }
    let long = String(repeating: "a", count: MetricsText.maximumLineBytes - 2)
    #expect(try parse(long + " 1\n").count == 1)
    #expect(
      throws: KernelError.malformed(
        file: "a.prom", line: 1, reason: "the line is longer than 16384 bytes")
    ) { try parse(long + "a 1\n") }
  }

  /// Texts made of pieces of good ones, in memory that ends where it may not be touched.
  @Test func randomBytes() {
    var random = SplitMixGenerator(state: 7)
    let pieces =
      [
        "# TYPE ", "# HELP ", "x", "x_bucket", "{", "}", "le", "=", "\"", "\\", "\n", " ", "1", "1e999",
        "NaN", ",",
        "histogram", "summary", "\u{0}", "é", "\r", "_sum", "quantile",
      ].map { Array($0.utf8) } + [[0xff], [0xc3]]
    let memory = GuardedText(capacity: 4096)
    var good = 0
    for _ in 0..<20_000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<24, using: &random) {
        text += pieces.randomElement(using: &random) ?? []
      }
      var parsed = MetricsText()
      if (try? parsed.parse(memory.place(text), file: "a")) != nil { good += 1 }
    }
    // Some of them must be good, else nothing was tried.
    #expect(good > 500)
  }
}

/// Random numbers that are the same each time.
struct SplitMixGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
