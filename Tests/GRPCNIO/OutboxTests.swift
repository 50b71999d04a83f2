import GRPC
import NIOPosix
import Testing

@testable import GRPCNIO

@Suite struct OutboxTests {
  private let call = LoopCall(on: Loopback.group.next())
  private let large = OutboundMessage(bytes: Array(repeating: 0, count: MessageOutbox.waitAtBytes + 1))

  /// gRPC C++ answers a unary call as soon as it has the message: that is no error of the task which still waits.
  @Test func anEarlyOKIsNoFailureOfWhatWasSent() async throws {
    let outbox = MessageOutbox()
    #expect(try outbox.add(large).isFull)
    outbox.finish(.ok)
    try await outbox.waitForRoom(of: call)
    #expect(throws: Status(.failedPrecondition, "the server has already ended this call")) {
      try outbox.add(large)
    }
  }

  @Test func aFailureIs() async throws {
    let outbox = MessageOutbox()
    _ = try outbox.add(large)
    async let waiting = status { try await outbox.waitForRoom(of: call) }
    outbox.finish(Status(.unavailable, "gone"))
    #expect(await waiting == Status(.unavailable, "gone"))
  }
}
