import ProcFS

/// A cgroup that is watched.
struct CgroupMember {
  /// Where its values go.
  enum Place: Equatable {
    /// Nowhere yet.
    case undecided
    /// To series of its own.
    case own(row: Int)
    /// To those of all that are named like it.
    case pattern(row: Int)
    /// To those of all that have none, and why it has none.
    case others(FoldReason)
    /// Into one around it, whose values go to the others and contain its own.
    case contained(FoldReason)
  }

  /// The folder's absolute path.
  let path: String
  let identity: CgroupIdentity
  /// When it was first seen; nil if it was there when watching began.
  let seenAt: Int64?
  var place = Place.undecided
  /// What it said when it was last read, its I/O never less than before.
  private(set) var values = CgroupValues()
  /// Whether it was read, and was there.
  private(set) var isThere = false
  /// Which of its files were there.
  private(set) var files: UInt32 = .max
  /// Whether its next reading is where it begins to be counted in a row of several.
  private var baselineIsDue = false
  private var number: UInt64?
  /// I/O of devices that are gone since.
  private var lostIO = SIMD4<Int64>()

  init(path: String, identity: CgroupIdentity, seenAt: Int64?) {
    self.path = path
    self.identity = identity
    self.seenAt = seenAt
  }

  /// Whether its values go into a row of several.
  var isSummed: Bool {
    switch place {
    case .pattern, .others: true
    case .undecided, .own, .contained: false
    }
  }

  /// The row of series that are its own or its pattern's.
  var row: Int? {
    switch place {
    case .own(let row), .pattern(let row): row
    case .undecided, .others, .contained: nil
    }
  }

  /// Its row has another number; nil: it is no more.
  mutating func renumberRow(_ number: (Int) -> Int?) {
    switch place {
    case .own(let row): place = number(row).map { .own(row: $0) } ?? .undecided
    case .pattern(let row): place = number(row).map { .pattern(row: $0) } ?? .undecided
    case .undecided, .others, .contained: break
    }
  }

  /// Moves it. What it counts while it is not in a row of several is not counted there later.
  mutating func move(to place: Place) {
    switch place {
    case .own, .contained: baselineIsDue = true
    case .undecided, .pattern, .others: break
    }
    self.place = place
  }

  /// It was not there any more.
  mutating func isGone() { isThere = false }

  /// Takes in a reading of the folder of this number. Returns what its counters are to be compared with in a row of
  /// several: nil means with zero.
  mutating func take(_ reading: CgroupValues, of number: UInt64, files: UInt32) -> CgroupValues? {
    var earlier: CgroupValues?
    var values = reading
    self.files = files
    if self.number == number {
      keepIO(of: &values)
      earlier = self.values
    } else {
      // The first reading; or another one of the same name, a unit that was started again.
      lostIO = .zero
      if self.number != nil { self.files = .max }
    }
    if isSummed, baselineIsDue {
      earlier = values
      baselineIsDue = false
    }
    self.number = number
    self.values = values
    isThere = true
    return earlier
  }

  /// A device that goes away takes with it what was counted for it: the sum over devices is held then.
  private mutating func keepIO(of values: inout CgroupValues) {
    for place in 0..<4 {
      let column = CgroupColumns.firstOfIO + place
      guard let raw = values[column], let last = self.values[column] else { continue }
      let value = raw.addingReportingOverflow(lostIO[place]).partialValue
      if value < last { lostIO[place] += last - value }
      values[column] = max(value, last)
    }
  }
}

/// Why a cgroup has no series of its own.
enum FoldReason: String, CaseIterable {
  /// It has not lived long enough.
  case young
  /// Its like come and go: it is one of a pattern.
  case pattern
  /// There are as many with series as the limit says.
  case limit
  /// As many have had series since the table was compacted as it should hold; some of them are gone by now.
  case rows
}
