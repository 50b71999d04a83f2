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

  /// A message of any type that is refused.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let read: @Sendable () throws -> Void
    init<M: WireMessage & SendableMetatype>(
      _ type: M.Type, _ sentence: String, _ build: (inout RawMessage) -> Void
    ) {
      testDescription = sentence
      let bytes = RawMessage(build).bytes
      read = { _ = try decode(M.self, bytes) }
    }
  }

  /// What is wrong with other messages, and the sentence that says it.
  static let others = [
    Refusal(Command.self, "command id has 65 bytes; 64 are allowed") {
      $0.text(1, String(repeating: "a", count: 65))
    },
    Refusal(Command.self, "idempotency_key has 65 bytes; 64 are allowed") {
      $0.text(5, String(repeating: "a", count: 65))
    },
    Refusal(Action.self, "config has 2097153 bytes; 2097152 are allowed") {
      $0.message(13) { $0.bytes(1, .init(repeating: 0, count: 2_097_153)) }
    },
    Refusal(CommandOutput.self, "text has 262145 bytes; 262144 are allowed") {
      $0.text(3, String(repeating: "a", count: 262_145))
    },
    Refusal(DiagnosticsPart.self, "content has 262145 bytes; 262144 are allowed") {
      $0.bytes(2, .init(repeating: 0, count: 262_145))
    },
    Refusal(RecorderPart.self, "frames has 3601 entries; 3600 are allowed") { part in
      for _ in 0..<3601 { part.bytes(1, [0]) }
    },
    Refusal(RecorderPart.self, "frames has 262145 bytes; 262144 are allowed") {
      $0.bytes(1, .init(repeating: 0, count: 262_145))
    },
    Refusal(ProcessList.self, "processes has 1001 entries; 1000 are allowed") { list in
      for _ in 0..<1001 { list.message(2) { $0.text(2, "a process of some length") } }
    },
    Refusal(ConfigUpdate.self, "sha256 has 33 bytes; a SHA-256 has 32, or 0 if there is none") {
      $0.bytes(2, .init(repeating: 1, count: 33))
    },
    Refusal(WatchConfigRequest.self, "failed_sha256 has 1 bytes; a SHA-256 has 32, or 0 if there is none") {
      $0.bytes(5, [1])
    },
    Refusal(WatchConfigRequest.self, "failed_sha256 has 257 entries; 256 are allowed") { request in
      for _ in 0..<257 { request.bytes(5, .sha256(1)) }
    },
    Refusal(CollectorConfig.self, "sources has 65 entries; 64 are allowed") { config in
      for _ in 0..<65 { config.message(3) { $0.text(1, "stat") } }
    },
    Refusal(FilterConfig.self, "include has 257 entries; 256 are allowed") { filter in
      for _ in 0..<257 { filter.text(2, "a") }
    },
    Refusal(FilterConfig.self, "exclude has 257 bytes; 256 are allowed") {
      $0.text(3, String(repeating: "a", count: 257))
    },
    Refusal(FilterConfig.self, "exclude contains a NUL") { $0.text(3, "a\0") },
    Refusal(PushConfigRequest.self, "yaml has 65537 bytes; 65536 are allowed") {
      $0.text(2, String(repeating: "a", count: 65_537))
    },
    Refusal(RolloutPlan.self, "waves has 101 entries; 100 are allowed") { plan in
      for _ in 0..<101 { plan.text(1, "1") }
    },
    Refusal(Rollout.self, "wave_hosts has 101 entries; 100 are allowed") {
      $0.packed(9, .init(repeating: 1, count: 101))
    },
    Refusal(RunCommandRequest.self, "author has 257 bytes; 256 are allowed") { request in
      request.message(2) { $0.message(1) { _ in } }
      request.text(7, String(repeating: "a", count: 257))
    },
  ]

  @Test(arguments: others)
  func whatIsTooLargeIsRefused(_ message: Refusal) {
    #expect(status(message.read) == Status(.invalidArgument, message.testDescription))
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

  @Test func anOpeningInPiecesIsRefused() {
    // To be merged, all labels so far would be copied for each further opening: quadratic, if nobody stops it.
    let part = RawMessage { $0.message(1) { $0.message(5) { $0.text(1, "a") } } }.bytes
    let frame = Array([[UInt8]](repeating: part, count: 20_000).joined())
    #expect(
      status { try FrameDecoder().see(frame) }
        == Status(.invalidArgument, "\(frame.count) bytes that are not a valid muster.v1.MetricsFrame"))
  }
}
