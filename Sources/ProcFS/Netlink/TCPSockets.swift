internal import Glibc

/// How many TCP sockets are in which state, and how long their queues are, by sock_diag(7): no text, no walk of
/// /proc/net/tcp.
///
/// The kernel tells of each socket that is in one of the states asked for. So that a host with very many costs no
/// more at a time, ``count(atMost:into:)`` stops in between, and the next call goes on where this one has stopped.
public struct TCPSockets {
  /// What it is called in errors.
  public static let path = NetlinkSocket.Service.socketDiagnosis.path

  /// What was counted.
  public private(set) var totals = TCPTotals()
  /// Whether counting has begun and is not at its end.
  public private(set) var isCounting = false

  private let socket = NetlinkSocket(.socketDiagnosis)
  private var request = NetlinkRequest.tcpSockets

  /// Nothing counted yet.
  public init() {}

  /// Starts to count the sockets in these states.
  public mutating func begin(_ states: TCPStateSet) throws(KernelError) {
    request.choose(states: states.mask)
    totals = TCPTotals()
    isCounting = false
    try socket.begin(&request)
    isCounting = true
  }

  /// Counts on, `limit` sockets and what else is in the same datagram. True when all are counted.
  public mutating func count(
    atMost limit: Int, into buffer: inout ReadBuffer
  ) throws(KernelError) -> Bool {
    // Whatever goes wrong, counting starts over.
    isCounting = false
    var counted = 0
    while !socket.isComplete {
      while let message = try socket.nextOfDatagram() {
        guard totals.add(message) else { throw socket.malformed("a socket is expected") }
        counted += 1
      }
      if socket.isComplete { break }
      if counted >= limit {
        isCounting = true
        return false
      }
      try socket.receive(into: &buffer)
    }
    return true
  }
}

/// The states of a TCP socket, as <net/tcp_states.h> numbers them.
public enum TCPState: Int, CaseIterable, Sendable {
  case established = 1
  case synSent, synReceived, finWait1, finWait2, timeWait, close, closeWait, lastAck, listen, closing
}

/// Some states of a TCP socket.
public struct TCPStateSet: Sendable {
  /// Bit n for state n.
  let mask: UInt32

  /// These.
  public init(_ states: some Sequence<TCPState>) {
    mask = states.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
  }

  /// Every state but these.
  public init(allBut states: some Sequence<TCPState>) {
    mask = TCPStateSet(TCPState.allCases).mask & ~TCPStateSet(states).mask
  }
}

/// TCP sockets, counted.
public struct TCPTotals: Sendable {
  /// Bytes received that nobody has read yet, of all connections.
  public private(set) var receiveQueueBytes: Int64 = 0
  /// Bytes sent that the peer has not acknowledged, of all connections.
  public private(set) var sendQueueBytes: Int64 = 0
  /// Connections waiting to be accepted, at all listening sockets.
  public private(set) var acceptQueue: Int64 = 0
  /// Those waiting where most are.
  public private(set) var longestAcceptQueue: Int64 = 0
  /// How much of its queue the fullest listening socket uses, in millionths.
  public private(set) var acceptQueueUseMillionths: Int64 = 0
  /// Listening sockets that accept no further connection, because their queue is full.
  public private(set) var fullAcceptQueues: Int64 = 0
  /// Sockets in FIN_WAIT2 that the kernel holds, and counts, as it does those in TIME_WAIT.
  public private(set) var heldInFinWait2: Int64 = 0

  private var sockets = InlineArray<12, Int64>(repeating: 0)

  /// What ``TCPInUse/sockets`` has of them: not those held, and not connections that are only asked for (SYN_RECV).
  public var inUse: Int64 {
    TCPState.allCases.reduce(-heldInFinWait2) { $0 + ($1 == .synReceived ? 0 : self[$1]) }
  }

  /// Nothing counted.
  public init() {}

  /// How many sockets are in a state.
  public subscript(state: TCPState) -> Int64 { sockets[state.rawValue] }

  /// Takes in a message; false if it is no socket. A state that is not known here is passed over.
  mutating func add(_ message: NetlinkMessage) -> Bool {
    // struct inet_diag_msg: family, state, timer, retransmissions (a byte each), identity, then five times 32 bits:
    // expiry, receive queue, send queue, user, inode.
    let queues = 4 + Netlink.socketIdentityBytes + 4
    guard let state = message.payload.integer(UInt8.self, at: 1),
      let timer = message.payload.integer(UInt8.self, at: 2),
      let received = message.payload.integer(UInt32.self, at: queues),
      let sent = message.payload.integer(UInt32.self, at: queues + 4)
    else { return false }
    guard let state = TCPState(rawValue: Int(state)) else { return true }
    sockets[state.rawValue] += 1
    if state == .listen {
      addListener(waiting: Int64(received), limit: Int64(sent))
      return true
    }
    receiveQueueBytes += Int64(received)
    sendQueueBytes += Int64(sent)
    if state == .finWait2, timer == timeWaitTimer { heldInFinWait2 += 1 }
    return true
  }

  /// Of a listening socket the queues are the number of connections waiting, and the backlog it was given; the kernel
  /// lets one more wait.
  private mutating func addListener(waiting: Int64, limit: Int64) {
    acceptQueue += waiting
    longestAcceptQueue = max(longestAcceptQueue, waiting)
    acceptQueueUseMillionths = max(acceptQueueUseMillionths, waiting * 1_000_000 / (limit + 1))
    if waiting > limit { fullAcceptQueues += 1 }
  }
}

/// What `idiag_timer` says of a socket that only waits for late packets.
private let timeWaitTimer: UInt8 = 3
