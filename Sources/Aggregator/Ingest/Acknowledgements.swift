public import GRPC
public import Wire

/// When one host is told which of its frames need not be kept any longer.
///
/// **This is the one place that says what an acknowledgement means today: the frame was received, its samples are in
/// the hot tier, in memory. It is not yet durable.** A collector forgets a frame when it is acknowledged, so what only
/// the hot tier holds is lost with the aggregator. Once frames are journalled, `received` is to be called when the
/// frame's group commit has returned, and nothing else changes.
///
/// At most one acknowledgement per interval, or as soon as so many frames wait for one. The first after a quiet
/// interval goes out at once. A frame that comes after the interval takes those that wait along; a timer, a quarter
/// later, is only for when none comes: to write to a socket costs as much as to take a frame from it.
public struct Acknowledgements: Sendable {
  private let settings: AcknowledgementSettings
  private var epoch: UInt64 = 0
  private var sequence: UInt64 = 0
  private var waiting = 0
  private var lastSent: Instant?

  /// Nothing received yet.
  public init(_ settings: AcknowledgementSettings = AcknowledgementSettings()) {
    self.settings = settings
  }

  /// When `due` will have something to say by time alone; `nil`: nothing waits.
  public var deadline: Instant? {
    guard waiting > 0, let lastSent else { return nil }
    return lastSent + settings.interval + settings.interval / 4
  }

  /// Everything of `epoch` up to `sequence` has arrived. Returns what to send now, if anything.
  public mutating func received(epoch: UInt64, sequence: UInt64, at now: Instant) -> Acknowledge? {
    if epoch != self.epoch {
      self.epoch = epoch
      self.sequence = 0
    }
    self.sequence = max(self.sequence, sequence)
    waiting += 1
    let isOverdue = lastSent.map { now >= $0 + settings.interval } ?? true
    return isOverdue || waiting >= settings.frames ? takeWaiting(at: now) : nil
  }

  /// What to send at `now` because of the time alone, if anything.
  public mutating func due(at now: Instant) -> Acknowledge? {
    guard let deadline, now >= deadline else { return nil }
    return takeWaiting(at: now)
  }

  /// What waits, to be sent at `now` without waiting any longer.
  public mutating func takeWaiting(at now: Instant) -> Acknowledge? {
    guard waiting > 0 else { return nil }
    waiting = 0
    lastSent = now
    return Acknowledge(epoch: epoch, sequence: sequence)
  }

  /// The host was told by other means (its Welcome): nothing waits.
  public mutating func told() {
    waiting = 0
  }
}
