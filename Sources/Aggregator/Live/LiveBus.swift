import Synchronization

/// Tells readers *that* a host moved, never *what* moved: they read that from the hot tier, when they are writable.
final class LiveBus: Sendable {
  private let subscriptions = Mutex<[LiveSubscription]>([])
  /// So that a frame nobody watches costs one load.
  private let count = Atomic(0)

  init() {}

  /// Open subscriptions.
  var subscriberCount: Int { count.load(ordering: .relaxed) }

  func add(_ subscription: LiveSubscription) {
    subscriptions.withLock { subscriptions in
      subscriptions.append(subscription)
      count.store(subscriptions.count, ordering: .releasing)
    }
  }

  func remove(_ subscription: LiveSubscription) {
    subscriptions.withLock { subscriptions in
      subscriptions.removeAll { $0 === subscription }
      count.store(subscriptions.count, ordering: .releasing)
    }
  }

  /// A frame of the host was stored, or its state changed.
  func moved(_ host: Int) {
    guard count.load(ordering: .acquiring) > 0 else { return }
    for subscription in subscriptions.withLock({ $0 }) { subscription.mark(host) }
  }

  /// The host is new, gone, or has other labels.
  func identityChanged(_ host: Int) {
    guard count.load(ordering: .acquiring) > 0 else { return }
    for subscription in subscriptions.withLock({ $0 }) { subscription.reconsider(host) }
  }
}
