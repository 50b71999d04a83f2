import Wire

/// The series of one host: a dense index for each, kept across streams and epochs.
///
/// A series is its whole description: name, labels in whatever order they came, and how raw values are read. One that
/// is described otherwise (another divisor, as after an upgrade) takes a new index, since what is stored under the old
/// one means something else; should the old description come back, so does its index.
///
/// A series is let go of when nothing speaks of it any more: no open stream has described it, the host does not have it,
/// and no frame is held in which it did. Its index is then another's.
///
///     described by a stream ──last such stream ends──► unused ──absent, seen by a sweep──► absent since frame n
///              ▲                                         │                                        │
///              └───────────── a stream describes it ─────┴────────────────────────────────────────┤
///                                                            frame n is the oldest held: let go ◄─┘
struct SeriesTable {
  private struct Entry {
    /// Nil: the index is free.
    var shared: SharedSeries?
    /// Times that open streams have described it; at its highest it stays for ever.
    var uses: UInt16 = 0
  }

  private var indexes: [ObjectIdentifier: Int32] = [:]
  private var entries: [Entry] = []
  private var free: [Int32] = []
  /// By index, of those that no stream has described: the first frame from which on the host has certainly not had it.
  private var absentSince: [Int: Int] = [:]
  private let limit: Int
  /// Counts up whenever an index is given up, or given to another series: what a reader remembers of indexes is to be
  /// looked at again. (One that is new is behind all the others.)
  private(set) var revision = 0

  init(limit: Int) {
    self.limit = min(limit, Int(Int32.max))
  }

  /// One more than the highest index.
  var count: Int { entries.count }

  /// How many series there are, those that are gone too.
  var seriesCount: Int { entries.count - free.count }

  /// The series of an index that is taken.
  subscript(index: Int) -> SeriesDescriptor {
    guard let shared = entries[index].shared else { preconditionFailure("no series at index \(index)") }
    return shared.descriptor
  }

  /// What has an index; nil: it is free.
  func shared(at index: Int) -> SharedSeries? { entries[index].shared }

  /// The index of a series that an open stream describes, registered if it is new; `nil`: the table is full.
  /// ``abandon(_:)`` is the other end.
  mutating func use(_ series: SharedSeries) -> (index: Int, isNew: Bool)? {
    let index: Int
    let isNew: Bool
    if let known = indexes[ObjectIdentifier(series)] {
      (index, isNew) = (Int(known), false)
      absentSince[index] = nil
    } else if let fresh = take(series) {
      (index, isNew) = (fresh, true)
    } else {
      return nil
    }
    if entries[index].uses < .max { entries[index].uses += 1 }
    return (index, isNew)
  }

  /// A stream that has described the series of this index is over.
  mutating func abandon(_ index: Int) {
    if entries[index].uses < .max { entries[index].uses -= 1 }
  }

  /// Lets go of series that nothing speaks of any more, and hands out their indexes, which are free from then on.
  ///
  /// - Parameters:
  ///   - frames: the ordinals of the oldest frame held, and of the next one.
  ///   - isAbsent: whether the host does not have the series of an index now.
  mutating func sweep(
    frames: (oldest: Int, next: Int), isAbsent: (Int) -> Bool, released: (Int) -> Void
  ) {
    for index in entries.indices where entries[index].uses == 0 {
      guard let series = entries[index].shared, isAbsent(index) else { continue }
      let since = absentSince[index] ?? frames.next
      guard since <= frames.oldest else {
        absentSince[index] = since
        continue
      }
      absentSince[index] = nil
      indexes[ObjectIdentifier(series)] = nil
      entries[index].shared = nil
      free.append(Int32(truncatingIfNeeded: index))
      revision += 1
      released(index)
    }
  }

  private mutating func take(_ series: SharedSeries) -> Int? {
    let index: Int
    if let freed = free.popLast() {
      index = Int(freed)
      entries[index] = Entry(shared: series)
      revision += 1
    } else {
      guard entries.count < limit else { return nil }
      index = entries.count
      entries.append(Entry(shared: series))
    }
    indexes[ObjectIdentifier(series)] = Int32(truncatingIfNeeded: index)
    return index
  }
}
