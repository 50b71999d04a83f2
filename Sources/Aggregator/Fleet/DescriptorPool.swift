import Synchronization
import Wire

/// Lets hosts share the text of their descriptors: a fleet has the same few hundred series ten thousand times.
///
/// Asked only when a series is registered, never per frame.
final class DescriptorPool: Sendable {
  /// So many different descriptors are shared; further ones are each host's own.
  static let maximumDescriptors = 100_000

  private let pool = Mutex<Set<SeriesDescriptor>>([])

  init() {}

  /// An equal descriptor whose text is shared.
  func shared(_ descriptor: SeriesDescriptor) -> SeriesDescriptor {
    pool.withLock { pool in
      if let index = pool.firstIndex(of: descriptor) { return pool[index] }
      if pool.count < Self.maximumDescriptors { pool.insert(descriptor) }
      return descriptor
    }
  }
}
