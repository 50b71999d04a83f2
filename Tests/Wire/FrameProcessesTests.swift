import GRPC
import Testing

@testable import Wire

/// The table of processes in a frame.
@Suite struct FrameProcessesTests {
  private let list = Example.processes

  private func frame(
    _ sequence: UInt64, _ processes: ProcessList?, _ encoder: inout FrameEncoder,
    opening: StreamOpening? = nil
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    let values: [Int64] = [Int64(sequence)]
    values.withUnsafeBufferPointer { values in
      [true].withUnsafeBufferPointer { present in
        _ = encoder.encode(
          sequence: sequence, wallTimeMicroseconds: 1, monotonicMicroseconds: 1,
          descriptors: [SeriesDescriptor("a", kind: .gauge)], values: values, present: present,
          processes: processes, opening: opening, into: &bytes)
      }
    }
    return bytes
  }

  private func processes(_ decoder: FrameDecoder, _ bytes: [UInt8]) throws -> ProcessList? {
    try bytes.withUnsafeBytes { try decoder.decode($0) { $0.processes } }
  }

  @Test func theyArriveWithTheirFrameAndCostTheOthersNothing() throws {
    var encoder = FrameEncoder()
    let decoder = FrameDecoder()
    #expect(try processes(decoder, frame(1, nil, &encoder, opening: opening)) == nil)
    let plain = frame(2, nil, &encoder)
    #expect(try processes(decoder, plain) == nil)
    #expect(try processes(decoder, frame(3, list, &encoder)) == list)
    let after = frame(4, nil, &encoder)
    #expect(after.count == plain.count)
    #expect(try processes(decoder, after) == nil)
  }

  @Test func aFrameThatOpensANewStreamKeepsThem() throws {
    var encoder = FrameEncoder()
    let held = frame(1, list, &encoder)
    let base = FrameBase()
    var first: [UInt8] = []
    try held.withUnsafeBytes {
      try base.openingFrame(
        applying: $0, opening: opening, descriptors: [SeriesDescriptor("a", kind: .gauge)], into: &first)
    }
    #expect(try processes(FrameDecoder(), first) == list)
    try held.withUnsafeBytes { try base.apply($0) }
  }

  @Test func tooManyAreRefusedAndLeaveTheStreamAsItWas() throws {
    var encoder = FrameEncoder()
    let decoder = FrameDecoder()
    _ = try processes(decoder, frame(1, nil, &encoder, opening: opening))
    let many = ProcessList(processes: Array(repeating: Example.process, count: 151))
    var copy = encoder
    let refusal = status { _ = try processes(decoder, frame(2, many, &copy)) }
    #expect(refusal?.code == .invalidArgument)
    #expect(refusal?.message.contains("151 processes") == true)
    var long = Example.process
    long.commandLine = String(repeating: "x", count: 1025)
    copy = encoder
    #expect(status { _ = try processes(decoder, frame(2, ProcessList(processes: [long]), &copy)) } != nil)
    #expect(try processes(decoder, frame(2, list, &encoder)) == list)
  }

  @Test func whatIsNoListIsRefused() throws {
    var encoder = FrameEncoder()
    var bytes = frame(1, nil, &encoder, opening: opening)
    // Field 14, of three bytes that are no message.
    bytes += [14 << 3 | 2, 3, 0xFF, 0xFF, 0xFF]
    #expect(status { _ = try processes(FrameDecoder(), bytes) }?.code == .invalidArgument)
  }
}
