import Foundation
import Testing
import Wire

@testable import Console

@Suite struct RecorderLinesTests {
  @Test func partsOfOneStreamAreReadOn() throws {
    var stream = Stream()
    let first = stream.frame(time: 1, [1, 10], opens: true)
    let second = stream.frame(time: 2, [2, nil])
    let third = stream.frame(time: 3, [3, 30])
    var lines = RecorderLines(hostID: "0a", instance: "web1")
    let texts =
      try lines.lines(RecorderPart(frames: [first, second])) + lines.lines(RecorderPart(frames: [third]))
    let read = try texts.map(Line.init)
    #expect(read.map(\.time) == [1, 2, 3])
    #expect(read[0].values == ["a": 1, "b{x=\"y\"}": 10])
    // What is not there is not said.
    #expect(read[1].values == ["a": 2])
    #expect(read[2].values == ["a": 3, "b{x=\"y\"}": 30])
  }

  @Test func everyPartMayOpenAStreamOfItsOwn() throws {
    var lines = RecorderLines(hostID: "0a", instance: "web1")
    for time in 1...3 as ClosedRange<Int64> {
      var stream = Stream()
      let part = RecorderPart(frames: [stream.frame(time: time, [time, nil], opens: true)])
      #expect(try Line(lines.lines(part)[0]).values == ["a": Double(time)])
    }
  }

  @Test func framesOfOneTimeAreOneLine() throws {
    var stream = Stream()
    let frames = [stream.frame(time: 5, [1], opens: true), stream.frame(time: 5, [1, 2])]
    var lines = RecorderLines(hostID: "0a", instance: "web1")
    let texts = try lines.lines(RecorderPart(frames: frames))
    #expect(texts.count == 1)
    #expect(try Line(texts[0]).values == ["a": 1, "b{x=\"y\"}": 2])
  }

  @Test func aStreamThatWasNotOpenedIsToldToBeBroken() {
    var stream = Stream()
    _ = stream.frame(time: 1, [1], opens: true)
    let second = stream.frame(time: 2, [2])
    var lines = RecorderLines(hostID: "0a", instance: "web1")
    #expect(throws: (any Error).self) { try lines.lines(RecorderPart(frames: [second])) }
  }

  private struct Stream {
    private static let series = [
      SeriesDescriptor("a", kind: .gauge), SeriesDescriptor("b", labels: [Label("x", "y")], kind: .gauge),
    ]
    private var encoder = FrameEncoder()
    private var sequence: UInt64 = 0

    mutating func frame(time: Int64, _ values: [Int64?], opens: Bool = false) -> [UInt8] {
      sequence += 1
      var bytes: [UInt8] = []
      values.map { $0 ?? 0 }.withUnsafeBufferPointer { raw in
        _ = values.map { $0 != nil }.withUnsafeBufferPointer { present in
          encoder.encode(
            sequence: sequence, wallTimeMicroseconds: time, monotonicMicroseconds: UInt64(time),
            descriptors: Array(Self.series[..<values.count]), values: raw, present: present,
            opening: opens
              ? StreamOpening(
                hostID: String(repeating: "0a", count: 16), bootID: "boot", epoch: 1, instance: "web1") : nil,
            into: &bytes)
        }
      }
      return bytes
    }
  }

  private struct Line {
    let time: Int64
    let values: [String: Double]

    init(_ text: String) throws {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(object["type"] as? String == "frame" && object["instance"] as? String == "web1")
      time = try #require((object["time_us"] as? NSNumber)?.int64Value)
      values = try #require(object["values"] as? [String: Double])
    }
  }
}
