import GRPC
import Testing

@testable import Wire

@Suite struct MessageLimitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    init(_ sentence: String, _ build: (inout RawMessage) -> Void) {
      testDescription = sentence
      bytes = RawMessage(build).bytes
    }
  }

  /// What is wrong with a Hello, and the sentence that says it.
  static let hellos = [
    Case("host_id has 65 bytes; 64 are allowed") { $0.text(1, String(repeating: "a", count: 65)) },
    Case("host_id is not valid UTF-8") { $0.bytes(1, [0x61, 0xFF]) },
    Case("host_id is not valid UTF-8") { $0.bytes(1, [0xC0, 0x80]) },
    Case("host_id contains a NUL") { $0.bytes(1, [0]) },
    Case("instance contains a NUL") { $0.bytes(4, [0x61, 0, 0x62]) },
    Case("instance has 257 bytes; 256 are allowed") { $0.text(4, String(repeating: "a", count: 257)) },
    Case("labels of a host has 33 entries; 32 are allowed") { hello in
      for _ in 0..<33 { hello.message(5) { $0.text(1, "a") } }
    },
    Case("label name has 257 bytes; 256 are allowed") {
      $0.message(5) { $0.text(1, String(repeating: "a", count: 257)) }
    },
    Case("label value has 1025 bytes; 1024 are allowed") {
      $0.message(5) { $0.text(2, String(repeating: "a", count: 1025)) }
    },
    Case("kernel_release has 257 bytes; 256 are allowed") { $0.text(7, String(repeating: "a", count: 257)) },
  ]

  @Test(arguments: hellos)
  func whatIsTooLargeOrNoTextIsRefused(_ hello: Case) {
    let event = RawMessage { $0.bytes(1, hello.bytes) }.bytes
    #expect(
      status { _ = try decode(CollectorEvent.self, event) } == Status(.invalidArgument, hello.testDescription)
    )
  }

  @Test func theColumnsOfATailHaveOneLength() {
    let bytes = RawMessage {
      $0.message(4) {
        $0.packed(2, [0, 1])
        $0.doubles(3, [1])
      }
    }.bytes
    #expect(
      status { _ = try decode(TailUpdate.self, bytes) }
        == Status(.invalidArgument, "a tail's frame lists 2 series but 1 values"))
  }

  @Test func whatIsNoProtobufIsNamed() {
    #expect(
      status { _ = try decode(ListHostsRequest.self, [0x0A, 0x05, 0x61]) }
        == Status(.invalidArgument, "3 bytes that are not a valid muster.v1.ListHostsRequest"))
  }

  @Test func twoBytesDoNotBecomeThreeHundred() {
    // 100,000 empty hosts: 200 kB on the wire, 36 MB as structs.
    let bytes = [UInt8](repeating: 0, count: 200_000).enumerated().map {
      $0.offset % 2 == 0 ? 0x0A : 0 as UInt8
    }
    let status = status { _ = try decode(ListHostsResponse.self, bytes) }
    #expect(status?.code == .invalidArgument)
    #expect(status?.message.contains("more than 48 times its size in memory") == true)
  }

  @Test func mergingAFieldAgainAndAgainIsBounded() {
    // protobuf-c copies all labels so far for each further opening: quadratic, if nobody stops it.
    let part = RawMessage { $0.message(1) { $0.message(5) { $0.text(1, "a") } } }.bytes
    let frame = Array([[UInt8]](repeating: part, count: 20_000).joined())
    #expect(status { try FrameDecoder().see(frame) }?.message.contains("times its size in memory") == true)
  }
}
