import GRPC

/// A client and a server connection joined in memory, with a clock of its own. Bytes move in pieces of a
/// chosen size.
final class Pipe {
  enum Pieces {
    case whole
    case bytes(Int)
    case random(seed: UInt64)
  }

  let client: ClientConnection
  let server: ServerConnection
  var now = Instant(nanoseconds: 0)
  /// While set, bytes from that side stay in its connection.
  var holdsClient = false
  var holdsServer = false
  private var pieces: Pieces
  private var random: SplitMix

  init(
    _ router: Router, pieces: Pieces = .whole,
    client: ClientConfiguration = ClientConfiguration(), server: ServerConfiguration = ServerConfiguration()
  ) {
    self.pieces = pieces
    if case .random(let seed) = pieces { random = SplitMix(seed) } else { random = SplitMix(0) }
    self.client = ClientConnection(configuration: client, authority: "test", scheme: "http", at: now)
    self.server = ServerConnection(configuration: server, router: router, peer: "client", at: now)
  }

  /// Moves bytes both ways until both sides are silent.
  func pump() {
    while true {
      let moved = holdsClient ? false : move(client, server)
      let movedBack = holdsServer ? false : move(server, client)
      if !moved, !movedBack { return }
    }
  }

  /// Lets time pass, in one step, and moves what comes of it.
  func advance(_ duration: Duration) {
    now += duration
    client.tick(at: now)
    server.tick(at: now)
    pump()
  }

  private func move(_ from: some GRPCConnection, _ to: some GRPCConnection) -> Bool {
    var bytes: [UInt8] = []
    while from.takeOutput({ bytes += $0 }) {}
    deliver(bytes, to)
    return !bytes.isEmpty
  }

  /// Gives bytes to one side in pieces. Each piece is a copy of its own size, so that reading past it is
  /// noticed.
  func deliver(_ bytes: [UInt8], _ to: some GRPCConnection) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(nextPiece()))
      rest = rest.dropFirst(piece.count)
      piece.withUnsafeBytes { to.receive($0, at: now) }
    }
  }

  private func nextPiece() -> Int {
    switch pieces {
    case .whole: .max
    case .bytes(let count): count
    case .random: Int(random.next() % 50) + 1
    }
  }
}

/// The SplitMix64 generator: the same numbers from the same seed, everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
