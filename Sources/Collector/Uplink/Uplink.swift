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
// The control stream. Everything said on it is numbered; what others have to say (output and results of
// commands, config status) waits in a bounded queue until the call takes it, and what does not fit leaves a
// gap in the numbers, so that the aggregator asks for everything. What the aggregator wants of others is
// handed on. Config comes down a call of its own, Watch, which is opened after Welcome and opened again,
// with backoff, for as long as the connection lives.
//
// Limits: `UplinkSettings` and `FrameRingLimits`; `Heartbeats.maximumOutstanding`; `EventQueue.maximumWaiting`.
public import GRPC
public import Wire

/// The collector's side of the conversation with the aggregator.
public struct Uplink: ~Copyable {
  /// The times and limits.
  public internal(set) var settings: UplinkSettings
  /// The frames that nobody has acknowledged.
  public internal(set) var ring: FrameRing
  /// What happened so far.
  public internal(set) var counters = UplinkCounters()
  /// The aggregator's clock against ours.
  public internal(set) var clockOffset = ClockOffset()

  /// Who we are; the wall time is filled in when it is sent.
  var hello: Hello
  /// What is left out to keep the budget, for people.
  var shedding = ""
  var state = State.idle
  var backoff: Backoff
  /// Between Watch calls of one connection.
  var watchBackoff: Backoff
  /// How it stands with config; nil: the host takes none from the aggregator.
  var standing: ConfigStanding?
  private var actions: [UplinkAction] = []

  enum State: Sendable {
    case idle
    case waiting(until: Instant)
    case connecting
    /// Indirect, since a Hello is large and rare, and the state is copied often.
    indirect case greeting(Greeting)
    case streaming(Session)
    case draining(Session, until: Instant)
    case leaving(Session, until: Instant)
    case stopped
  }

  /// A Hello that waits for its Welcome.
  struct Greeting: Sendable {
    var sent: Moment
    var hello: Hello
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
    watchBackoff = Backoff(limits: settings.backoff, seed: ~seed)
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
    case .greeting(let greeting): greeting.sent.instant + settings.welcomeTimeout
    case .streaming(let session):
      min(session.heartbeats.due, session.heartbeats.expires, session.watch.due ?? .distantFuture)
    case .draining(_, let until), .leaving(_, let until): until
    }
  }

  /// Whether a stop came to its end.
  public var isStopped: Bool {
    if case .stopped = state { true } else { false }
  }

  /// Whether everything to do was handed out.
  var isActedOut: Bool { actions.isEmpty }

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
  /// Events that found no room, or no stream.
  public var droppedEvents: UInt64 = 0
  /// How often the aggregator asked for everything, because events were missing.
  public var fullReports: UInt64 = 0
  /// How often this host was given a new identity.
  public var rekeys: UInt64 = 0
  /// Frames of an identity that was given up, which nobody had acknowledged.
  public var abandonedFrames: UInt64 = 0

  /// Connections after the first.
  public var reconnects: UInt64 { connections > 0 ? connections - 1 : 0 }
}
