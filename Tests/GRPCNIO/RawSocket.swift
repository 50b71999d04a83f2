import NIOCore
import NIOPosix
import NIOSSL

@testable import GRPCNIO

/// A TCP client that speaks no gRPC.
struct RawSocket {
  let channel: any Channel

  /// Connects; with a TLS context the handshake runs by itself.
  init(port: Int, tls: NIOSSLContext? = nil) async throws {
    channel = try await ClientBootstrap(group: Loopback.group).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        guard let tls else { return }
        try channel.pipeline.syncOperations.addHandler(
          NIOSSLClientHandler(context: tls, serverHostname: nil))
      }
    }.connect(host: "127.0.0.1", port: port).get()
  }

  func write(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  /// Returns once the peer has closed the connection.
  func closed() async throws {
    try await channel.closeFuture.get()
  }

  func close() async throws {
    try await channel.close()
  }
}

/// A TCP server that answers every connection with `greeting` and reads nothing.
struct RawServer {
  let channel: any Channel
  var port: Int { channel.localAddress?.port ?? 0 }

  init(greeting: String = "", tls: NIOSSLContext? = nil) async throws {
    channel = try await ServerBootstrap(group: Loopback.group).childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        guard !greeting.isEmpty else { return }
        try pipeline.addHandler(Greeter(greeting: greeting))
      }
    }.bind(host: "127.0.0.1", port: 0).get()
  }

  func close() async throws {
    try await channel.close()
  }
}

private final class Greeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer
  private let greeting: String

  init(greeting: String) {
    self.greeting = greeting
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: greeting)), promise: nil)
  }
}
