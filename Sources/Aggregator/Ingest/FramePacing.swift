import GRPC

/// When a loop that takes frames may rest before it looks for more, so that it finds several at a time.
///
/// To be woken up costs as much as to read a frame and store it, and whoever has just been woken finds nothing of what it
/// needs in the processor's caches. Frames of thousands of hosts come one by one, each a wake-up; taken a few at a time,
/// each costs half. So a loop that frames come to densely rests after each turn, as network cards do between interrupts.
/// What else comes to this loop meanwhile waits, for a `turn` at most.
///
/// A loop with fewer frames never rests, nor one that has more to do than to wait.
struct FramePacing {
  /// How long a turn is together with the rest after it; one that takes longer by itself has no rest.
  static let turn = Duration.milliseconds(4)
  /// Frames come densely when so many are to be expected within a turn: 750 a second.
  static let framesPerTurnMinimum = 3
  /// Who took so many in one turn finds enough without waiting.
  static let framesPerTurnMaximum = 64
  /// How long frames are counted before it is said again whether they come densely.
  static let window = Duration.milliseconds(100)

  private var windowStart: Instant?
  private var framesInWindow = 0
  private var turnStart: Instant?
  private var framesInTurn = 0
  private var isDense = false

  init() {}

  /// A frame was taken. True: `turnEnded` is to be called when all that has come is dealt with.
  mutating func frameTaken(at now: Instant) -> Bool {
    count(at: now)
    framesInTurn += 1
    guard isDense, turnStart == nil else { return false }
    turnStart = now
    framesInTurn = 1
    return true
  }

  /// Everything that had come is dealt with: how long to rest now.
  mutating func turnEnded(at now: Instant) -> Duration {
    guard let start = turnStart else { return .zero }
    turnStart = nil
    guard isDense, framesInTurn < Self.framesPerTurnMaximum else { return .zero }
    return max(.zero, start + Self.turn - now)
  }

  private mutating func count(at now: Instant) {
    guard let start = windowStart else {
      windowStart = now
      return
    }
    framesInWindow += 1
    let time = now - start
    guard time >= Self.window else { return }
    isDense = Self.turn * framesInWindow >= time * Self.framesPerTurnMinimum
    windowStart = now
    framesInWindow = 0
  }
}
