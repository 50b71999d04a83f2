import Synchronization
import Wire

/// A series as the hosts have it that describe it alike: one object for all of them.
final class SharedSeries: Sendable {
  let descriptor: SeriesDescriptor

  init(_ descriptor: SeriesDescriptor) {
    self.descriptor = descriptor
  }
}

/// Lets hosts share their descriptors: a fleet has the same few hundred series ten thousand times.
///
/// Asked when series are described, never per frame. It holds at most what its hosts hold; `sweep` lets go of what
/// none has any more.
final class DescriptorPool: Sendable {
  private let pool = Mutex<[SeriesDescriptor: SharedSeries]>([:])

  init() {}

  /// How many different series there are.
  var count: Int { pool.withLock { $0.count } }

  /// The shared objects of descriptors, in their order; the labels of a descriptor in whatever order they come.
  func shared(_ descriptors: [SeriesDescriptor]) -> [SharedSeries] {
    let sorted = descriptors.map(\.sortedByLabel)
    return pool.withLock { pool in
      sorted.map { descriptor in
        if let series = pool[descriptor] { return series }
        let series = SharedSeries(descriptor)
        pool[descriptor] = series
        return series
      }
    }
  }

  /// Forgets the series that no host has.
  func sweep() {
    pool.withLock { pool in
      var unused: [SeriesDescriptor] = []
      // Not over `indices`: these hold a copy of the dictionary, and so a second reference to everything.
      var index = pool.startIndex
      while index != pool.endIndex {
        if isKnownUniquelyReferenced(&pool.values[index]) { unused.append(pool.keys[index]) }
        pool.formIndex(after: &index)
      }
      for descriptor in unused { pool[descriptor] = nil }
    }
  }
}

extension SeriesDescriptor {
  fileprivate var sortedByLabel: SeriesDescriptor {
    guard zip(labels, labels.dropFirst()).contains(where: { $0.name > $1.name }) else { return self }
    var sorted = self
    sorted.labels.sort { $0.name < $1.name }
    return sorted
  }
}
