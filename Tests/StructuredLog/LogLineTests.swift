import Glibc
import Logging
import Testing

@testable import StructuredLog

private let noon = timespec(tv_sec: 1_767_323_045, tv_nsec: 678_999_999)

private func line(_ format: LogFormat, _ message: String, _ fields: Logger.Metadata = [:]) -> String {
  String(
    decoding: LogLine.encode(format, time: noon, level: .info, message: message, fields: fields),
    as: UTF8.self)
}

@Suite struct LogLineTests {
  @Test func textIsLogfmt() {
    #expect(
      line(.text, "connected", ["peer": "10.0.0.1:7600", "after": "1.5 s", "tries": "\(3)", "none": ""])
        == "time=2026-01-02T03:04:05.678Z level=info msg=\"connected\" "
        + "after=\"1.5 s\" none=\"\" peer=10.0.0.1:7600 tries=3\n")
  }

  @Test func jsonIsOneObject() {
    #expect(
      line(.json, "say \"hi\"", ["a": ["x", ["k": "v"]], "n": .stringConvertible(7)])
        == #"{"time":"2026-01-02T03:04:05.678Z","level":"info","msg":"say \"hi\"","#
        + #""a":["x",{"k":"v"}],"n":"7"}"# + "\n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("two words", #""two words""#), ("a=b", #""a=b""#), (#"a\b"#, #""a\\b""#),
    ("a\"b", #""a\"b""#), ("a\nlevel=error", #""a\nlevel=error""#), ("\r\t", #""\r\t""#),
    ("\u{1B}[31m", #""\u001b[31m""#), ("\u{0}", #""\u0000""#), ("\u{7F}", #""\u007f""#),
    ("\u{9B}31m", #""\u009b31m""#), ("\u{2028}", #""\u2028""#), ("\u{202E}abc", #""\u202eabc""#),
    ("größe", "\"größe\""), ("🚢", "\"🚢\""),
  ])
  func valuesStayOnTheirLine(value: String, written: String) {
    #expect(line(.text, "m", ["k": .string(value)]).hasSuffix(" msg=\"m\" k=\(written)\n"))
    let quoted = written.hasPrefix("\"") ? written : "\"\(written)\""
    #expect(line(.json, "m", ["k": .string(value)]).hasSuffix(",\"k\":\(quoted)}\n"))
  }

  @Test func messagesAndKeysAreEscapedToo() {
    #expect(line(.text, "a\nb", ["k y\n": "v", "": "w"]).hasSuffix(#" msg="a\nb" _=w k_y_=v"# + "\n"))
    #expect(line(.json, "a\nb", ["k\n": "v"]).hasSuffix(#""msg":"a\nb","k\n":"v"}"# + "\n"))
  }

  @Test func fieldsCannotStandForTheLinesOwn() {
    #expect(
      line(.text, "m", ["level": "error", "time": "never", "msg": "x"]).hasSuffix(
        #" level=info msg="m" field_level=error field_msg=x field_time=never"# + "\n"))
  }

  @Test func nestedValuesInTextAreQuotedJSON() {
    #expect(line(.text, "m", ["k": ["a b", "c"]]).hasSuffix(##" k="[\"a b\",\"c\"]""## + "\n"))
  }

  @Test func everythingIsBounded() {
    let long = String(repeating: "é", count: LogLimits.maximumValueBytes)
    #expect(line(.text, long).utf8.count < LogLimits.maximumValueBytes + 100)
    #expect(line(.text, long).hasSuffix("é…\"\n"))
    var deep: Logger.MetadataValue = "end"
    for _ in 0..<100 { deep = ["k": deep] }
    #expect(line(.json, "m", ["k": deep]).contains("{\"k\":\"…\"}"))
    let many = Dictionary(
      uniqueKeysWithValues: (0..<1000).map { ("k\($0)", Logger.MetadataValue.string("v")) })
    #expect(line(.text, "m", many).split(separator: "=v").count - 1 == LogLimits.maximumFields)
  }

  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_400, 1_000_000, "2000-02-29T00:00:00.001Z"),
    (4_102_444_799, 999_000_000, "2099-12-31T23:59:59.999Z"),
  ])
  func times(seconds: Int, nanoseconds: Int, text: String) {
    var bytes: [UInt8] = []
    LogTime.append(timespec(tv_sec: seconds, tv_nsec: nanoseconds), to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }
}

@Suite struct LogOutputTests {
  @Test func aLineIsWrittenWholeAndAFailureCounted() {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    LogOutput.write(Array("one line\n".utf8), to: ends[1])
    var buffer = [UInt8](repeating: 0, count: 64)
    #expect(read(ends[0], &buffer, buffer.count) == 9)
    close(ends[0])
    close(ends[1])
    let dropped = StructuredLog.droppedLines
    LogOutput.write(Array("lost\n".utf8), to: -1)
    #expect(StructuredLog.droppedLines == dropped + 1)
  }

  @Test func handlersAreValues() {
    var one = StructuredLogHandler(format: .text, level: .info)
    one[metadataKey: "a"] = "1"
    var two = one
    two[metadataKey: "a"] = "2"
    two.logLevel = .debug
    #expect(one[metadataKey: "a"] == "1")
    #expect(one.logLevel == .info)
  }
}
