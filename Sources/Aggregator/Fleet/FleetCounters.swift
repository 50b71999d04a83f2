import Synchronization

/// What happened to the fleet as a whole since the program started. Any thread may count.
struct FleetCounters: ~Copyable, Sendable {
  /// Frames received, each once; received again; never come.
  let frames = Counter()
  let duplicates = Counter()
  let missing = Counter()
  /// Changed samples stored.
  let samples = Counter()
  /// Bytes of frames, before HTTP/2.
  let bytes = Counter()
  /// Streams ended because a frame could not be accepted.
  let streamsRefused = Counter()
  /// Series left out because their host had too many.
  let seriesRefused = Counter()
  /// Series let go of, because they were gone and no frame of theirs was held any more.
  let seriesReleased = Counter()
  /// Hosts turned away because the fleet was full.
  let hostsRefused = Counter()
  /// Times that a host said Hello while its previous control stream was still open.
  let doubleAttachments = Counter()
  /// Machines that were told to take another id, because it is another machine's.
  let clonesRekeyed = Counter()
  /// Events of control streams that were lost on the way.
  let eventsMissing = Counter()
  /// Parts of output of commands that nobody waits for, or that were more than was asked for.
  let outputsRefused = Counter()
  /// Times that whoever asked read output too slowly and missed some.
  let readersCut = Counter()
  /// Frames that tail readers were too slow for.
  let tailFramesSkipped = Counter()
  /// Control streams opened; numbers them.
  let attachmentsEver = Counter()
  /// Probes sent; numbers them.
  let probesEver = Counter()
  /// Open calls of each kind.
  let pushes = Level()
  let attachments = Level()
  let tails = Level()
  let watches = Level()
  let runCalls = Level()
}

/// A number that only grows, and wraps around after 2^64.
struct Counter: ~Copyable, Sendable {
  private let atomic = Atomic<UInt64>(0)

  var value: UInt64 { atomic.load(ordering: .relaxed) }

  /// Returns the new value.
  @discardableResult
  func add(_ amount: UInt64 = 1) -> UInt64 {
    atomic.wrappingAdd(amount, ordering: .relaxed).newValue
  }
}

/// A number of things that are there now.
struct Level: ~Copyable, Sendable {
  private let atomic = Atomic(0)

  var value: Int { atomic.load(ordering: .relaxed) }

  func rise() { atomic.wrappingAdd(1, ordering: .relaxed) }

  func fall() { atomic.wrappingSubtract(1, ordering: .relaxed) }
}
