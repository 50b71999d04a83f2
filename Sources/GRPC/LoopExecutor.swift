/// Runs work on the loop that a connection lives on.
public protocol LoopExecutor: Sendable {
  /// Runs `body` on the loop, soon, and in the order of the calls.
  func execute(_ body: @escaping @Sendable () -> Void)
}

/// The executor of a connection whose driver set none: everything happens on one thread, so work runs at
/// once.
public struct ImmediateExecutor: LoopExecutor {
  /// An executor without state.
  public init() {}

  /// Runs `body` before returning.
  public func execute(_ body: @escaping @Sendable () -> Void) {
    body()
  }
}

// Sendable unchecked: the value is only ever touched inside the executor, on the loop that owns it.
/// A value that lives on a loop, and may be carried (not touched) by other threads.
///
///     let stream = LoopBound(stream, on: stream.call.connection.executor)
///     queue.async { stream.execute { $0.send(reply) } }
public struct LoopBound<Value>: @unchecked Sendable {
  private let value: Value
  private let executor: any LoopExecutor

  /// Binds a value to the loop that it lives on.
  public init(_ value: Value, on executor: any LoopExecutor) {
    self.value = value
    self.executor = executor
  }

  /// Runs `body` with the value, on its loop.
  public func execute(_ body: @escaping @Sendable (Value) -> Void) {
    executor.execute { body(self.value) }
  }
}
