public import Wire

/// What the calls need to know of time: what it is, and to be called later on the loop they live on.
///
/// The program's is made of the kernel's clocks and NIO's timers; a test's is a number and a list.
public protocol ServiceClock: Sendable {
  /// Both clocks, now.
  var now: Moment { get }

  /// Runs `body` after `delay`, on the loop this is called on. It cannot be taken back: what it captures must bear
  /// coming too late.
  func schedule(after delay: Duration, _ body: @escaping () -> Void)
}
