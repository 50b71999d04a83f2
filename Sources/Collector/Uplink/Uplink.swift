// The uplink: everything a collector decides about its connection. Sans-I/O.
//
// Events are methods, each with the time; what is to be done comes out of `nextAction`. The driver
// performs actions until there is none, then asks `takeFrame` for frames while the Push call takes
// them. It reads no clock, opens no socket and draws no random number.
//
//      start                 ┌───────────── unreachable, lost, refused: wait ──────────────┐
//        │                   ▼                                                             │
//        └──────────► ┌───────────┐  time   ┌────────────┐ connected ┌───────────┐         │
//                     │  waiting  │ ──────► │ connecting │ ────────► │ greeting  │ ──────► │
//        ┌──────────► └───────────┘ connect └────────────┘   Hello   └───────────┘         │
//        │                                        │                        │ Welcome       │
//        │ at once                                └──────────────────────► │ ────────────► │
//     ┌──────────┐              GOAWAY                               ┌───────────┐         │
//     │ draining │ ◄──────────────────────────────────────────────── │ streaming │ ──────► ┘
//     └──────────┘   Push half-closed, acknowledgements awaited      └───────────┘
//                                                                          │ stop: Goodbye
//     ┌──────────┐  all acknowledged and calls over, or time up      ┌───────────┐
//     │ stopped  │ ◄──────────────────────────────────────────────── │  leaving  │
//     └──────────┘  (a stop in any other state leads here at once)   └───────────┘
//
// Frames. Each goes into the ring first and leaves it when acknowledged. A Push stream begins with
// the oldest frame held, made its opening frame, and goes on with the rest in order; after a
// reconnect that repeats what was under way, and the aggregator drops what it has already, by
// (host, epoch, sequence). An acknowledgement counts only as far as this stream has sent: trimming
// beyond would tear the chain of differences that the stream is.
//
// Limits: `UplinkSettings` and `FrameRingLimits`; `Heartbeats.maximumOutstanding`.
public import GRPC
public import Wire

/// The collector's side of the conversation with the aggregator.
public struct Uplink: ~Copyable {
  /// The times and limits.
  public let settings: UplinkSettings
  /// The frames that nobody has acknowledged.
  public internal(set) var ring: FrameRing
  /// What happened so far.
  public internal(set) var counters = UplinkCounters()
  /// The aggregator's clock against ours.
  public internal(set) var clockOffset = ClockOffset()

  /// Who we are; the wall time is filled in when it is sent.
  var hello: Hello
  var state = State.idle
  var backoff: Backoff
  private var actions: [UplinkAction] = []

  enum State: Sendable {
    case idle
    case waiting(until: Instant)
    case connecting
    case greeting(sent: Moment)
    case streaming(Session)
    case draining(Session, until: Instant)
    case leaving(Session, until: Instant)
    case stopped
  }

  /// An uplink that does nothing until `start`.
  ///
  /// - Parameters:
  ///   - hello: who is speaking.
  ///   - seed: where the jitter of reconnects comes from.
  public init(hello: Hello, settings: UplinkSettings = UplinkSettings(), seed: UInt64) {
    self.hello = hello
    self.settings = settings
    ring = FrameRing(limits: settings.ring)
    backoff = Backoff(limits: settings.backoff, seed: seed)
  }

  /// The next thing to do; nil when all is done.
  public mutating func nextAction() -> UplinkAction? {
    actions.isEmpty ? nil : actions.removeFirst()
  }

  /// When `tick` wants to be called; nil when only an event can change anything.
  public var nextDeadline: Instant? {
    switch state {
    case .idle, .connecting, .stopped: nil
    case .waiting(let until): until
    case .greeting(let sent): sent.instant + settings.welcomeTimeout
    case .streaming(let session): min(session.heartbeats.due, session.heartbeats.expires)
    case .draining(_, let until), .leaving(_, let until): until
    }
  }

  /// Whether a stop came to its end.
  public var isStopped: Bool {
    if case .stopped = state { true } else { false }
  }

  mutating func act(_ action: UplinkAction) { actions.append(action) }
}

/// What happened on an uplink so far.
public struct UplinkCounters: Hashable, Sendable {
  /// Connections on which Hello was answered.
  public var connections: UInt64 = 0
  /// Attempts to connect that came to nothing.
  public var failedAttempts: UInt64 = 0
  /// Frames sent, repeats included.
  public var framesSent: UInt64 = 0
  /// Acknowledgements for another epoch, or beyond what was sent.
  public var ignoredAcknowledgements: UInt64 = 0
  /// Commands that made no sense where they came.
  public var ignoredCommands: UInt64 = 0
  /// Connections given up because heartbeats were not answered.
  public var heartbeatTimeouts: UInt64 = 0

  /// Connections after the first.
  public var reconnects: UInt64 { connections > 0 ? connections - 1 : 0 }
}
