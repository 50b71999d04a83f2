/// What went over a link's sockets, counted where the system calls are: TLS and its handshakes included, TCP not.
final class Traffic {
  var bytesSent: UInt64 = 0
  var bytesReceived: UInt64 = 0
}
