import GRPC

/// A connection's output on its way into a socket that takes only so much.
struct Outlet {
  private var rest: [UInt8] = []

  /// Moves what the socket takes. True when nothing is left.
  mutating func flush(_ connection: some GRPCConnection, into cable: Cable, from side: Cable.Side) -> Bool {
    while true {
      if rest.isEmpty, !connection.takeOutput({ rest.append(contentsOf: $0) }) { return true }
      let room = cable.room(for: side)
      guard room > 0 else { return false }
      cable.send(Array(rest.prefix(room)), from: side)
      rest.removeFirst(min(room, rest.count))
    }
  }
}
