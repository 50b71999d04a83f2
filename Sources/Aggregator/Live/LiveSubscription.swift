import Synchronization

/// One reader's view of what moved: a mark per host, set by whoever stores a frame, taken by the reader on its own loop.
///
/// A host that moves a hundred times before the reader looks is one mark: a slow reader costs no queue. The reader is
/// woken once, at the first mark after it took the last ones.
final class LiveSubscription: Sendable {
  private struct State {
    /// In the order of their first mark.
    var marked: [Int] = []
    /// By host number.
    var isMarked = HostSet()
    var isIgnored = HostSet()
    var isWoken = false
  }

  private let state = Mutex(State())
  private let wake: @Sendable () -> Void

  /// `wake` is called on the thread of whoever stores a frame, and must only hop to the reader's own loop.
  init(wake: @escaping @Sendable () -> Void) {
    self.wake = wake
  }

  /// The host moved.
  func mark(_ host: Int) {
    let needsWake = state.withLock { state in
      guard !state.isIgnored.contains(host), state.isMarked.insert(host) else { return false }
      state.marked.append(host)
      defer { state.isWoken = true }
      return !state.isWoken
    }
    if needsWake { wake() }
  }

  /// The hosts marked since the last call, oldest mark first. The next mark wakes again.
  func take() -> [Int] {
    state.withLock { state in
      let marked = state.marked
      for host in marked { state.isMarked.remove(host) }
      state.marked.removeAll(keepingCapacity: true)
      state.isWoken = false
      return marked
    }
  }

  /// Marks of this host are of no interest: the reader's selector leaves it out.
  func ignore(_ host: Int) {
    state.withLock { _ = $0.isIgnored.insert(host) }
  }

  /// Marks of this host are of interest again.
  func attend(_ host: Int) {
    state.withLock { $0.isIgnored.remove(host) }
  }

  /// The host is another now (its labels changed): whatever was decided about it is void.
  func reconsider(_ host: Int) {
    state.withLock { $0.isIgnored.remove(host) }
    mark(host)
  }
}

/// A set of host numbers: one bit each.
struct HostSet: Sendable {
  private var words: [UInt64] = []

  func contains(_ host: Int) -> Bool {
    let word = host >> 6
    return word < words.count && words[word] & (1 << (UInt64(host) & 63)) != 0
  }

  /// Whether the host was not in it before.
  @discardableResult
  mutating func insert(_ host: Int) -> Bool {
    let word = host >> 6
    while words.count <= word { words.append(0) }
    let bit: UInt64 = 1 << (UInt64(host) & 63)
    defer { words[word] |= bit }
    return words[word] & bit == 0
  }

  mutating func remove(_ host: Int) {
    let word = host >> 6
    if word < words.count { words[word] &= ~(1 << (UInt64(host) & 63)) }
  }
}
