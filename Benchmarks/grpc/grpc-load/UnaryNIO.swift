import GRPC
import GRPCNIO
import LoadLoop
import NIOPosix

/// EmptyCall on one warm connection, one at a time, on the client for tasks.
struct UnaryNIO {
  private static let emptyCall = Method<Empty, Empty>(service: "grpc.testing.TestService", name: "EmptyCall")

  private let target: Target
  private let calls: Int

  init(_ options: Options) {
    target = Target(host: options.host, port: Int(options.port))
    calls = options.messages
  }

  func run() async throws -> Report {
    let client = try await GRPCClient.connect(to: target, group: MultiThreadedEventLoopGroup.singleton)
    for _ in 0..<UnaryLink.warmUpCalls { _ = try await call(client) }
    var latencies: [Duration] = []
    for _ in 0..<calls { latencies.append(try await call(client)) }
    await client.close()

    var report = Report()
    report.add("calls", latencies.count)
    report.add(latencies: latencies)
    return report
  }

  private func call(_ client: GRPCClient) async throws -> Duration {
    let start = monotonic()
    _ = try await client.unary(Self.emptyCall, Empty())
    return monotonic() - start
  }
}

/// grpc.testing.Empty.
private struct Empty: GRPCMessage {
  init() {}
  init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {}
  func encode(into buffer: inout [UInt8]) {}
}
