// grpc-load: the same load for every gRPC server that is compared, from one thread with epoll. Not shipped.
//
// Each connection is a `Link`. The server is any with grpc.testing.TestService; with `--sink true` any HTTP/2 server
// that takes a POST's body, whose answer is then not looked at. Prints one JSON object; fails (status 1) when a
// connection breaks, or the server did not get all that was sent.

import GRPC
import Glibc
import LoadLoop

@main
struct GRPCLoad {
  static let usage = """
    usage: grpc-load MODE --port N [--host A] [--ca-file F] [--server-pid N] [--sink true] [--connections N]
             [--concurrency N] [--seconds N] [--interval-ms N] [--message-bytes N] [--messages N]

      fan-in     every connection has one streaming call, and sends a message each interval for so many seconds
      hot        one streaming call sends so many messages as fast as they go
      hold       every connection has one streaming call, sends so many messages, and stays until stdin closes
      storm      makes the connections as fast as the server takes them
      unary      so many calls on one connection, one after the other, on Link
      unary-nio  the same on the client for tasks
    """

  static func main() async {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      raiseDescriptorLimit()
      try await run(options)
    } catch {
      complain("grpc-load: \(error)")
      guard error is UsageError else { exit(1) }
      complain(usage)
      exit(2)
    }
  }

  private static func run(_ options: Options) async throws {
    switch options.mode {
    case .fanIn: try FanIn(options).run().print()
    case .hot: try HotStream(options).run().print()
    case .hold: try Hold(options).run()
    case .storm: try Storm(options).run().print()
    case .unary: try UnaryLink(options).run().print()
    case .unaryNIO: try await UnaryNIO(options).run().print()
    }
  }
}
