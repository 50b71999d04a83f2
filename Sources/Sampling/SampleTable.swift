public import Wire

/// What was sampled: the series seen since it was compacted, and of the last pass their raw values and whether
/// they were there.
///
/// A series gets the next dense id when it is registered, and keeps it until ``compact()``: descriptors only grow,
/// values and presence are parallel to them. A pass starts with ``begin()``, which makes every series absent; what is
/// set in the pass is present. So a source that fails leaves no stale value behind, and no zero either.
///
/// A pass may keep what some registrants set (``begin(keeping:)``): sources that are not read every time.
///
/// There is a limit on series; what is refused is counted. Hosts that make containers, interfaces or disks without
/// end would reach it, so the owner compacts now and then: ``compact()``, `Sampler.forgetSeries()`, and a new
/// dictionary on the wire.
public struct SampleTable: ~Copyable {
  /// Series a table takes unless told otherwise: a machine of 256 CPUs, 200 disks and 200 interfaces has
  /// about 10,000. Described on the wire they are about 2 MB.
  public static let defaultMaximumSeries = 20_000

  /// The series, by id.
  public private(set) var descriptors: [SeriesDescriptor] = []
  /// Series that were refused: beyond the limit, or not valid as a Prometheus series.
  public private(set) var refused = 0

  /// Whose the series are that are registered now; 0: the table's owner.
  var registrant: UInt8 = 0

  /// Series it takes.
  public let maximumSeries: Int
  private var registrants: UnsafeMutableBufferPointer<UInt8>
  /// The first ids of series that were registered together: they stay together.
  private var groups: [Int32] = []
  /// Ids by the hash of name and labels.
  private var index: [Int: Int] = [:]
  private var raw: UnsafeMutableBufferPointer<Int64>
  private var presence: UnsafeMutableBufferPointer<Bool>

  /// An empty table.
  public init(maximumSeries: Int = SampleTable.defaultMaximumSeries) {
    self.maximumSeries = maximumSeries
    raw = .allocate(capacity: 512)
    presence = .allocate(capacity: 512)
    registrants = .allocate(capacity: 512)
  }

  deinit {
    raw.deallocate()
    presence.deallocate()
    registrants.deallocate()
  }

  /// How many series there are.
  public var count: Int { descriptors.count }

  /// Raw values by id, valid until the next registration. Of an absent series it is what it last was.
  public var values: UnsafeBufferPointer<Int64> {
    UnsafeBufferPointer(rebasing: raw[..<count])
  }

  /// Whether a series was set in this pass, by id, valid until the next registration.
  public var present: UnsafeBufferPointer<Bool> {
    UnsafeBufferPointer(rebasing: presence[..<count])
  }

  /// How many series are present, by who registered them.
  var presentByRegistrant: [Int] {
    var counts = Array(repeating: 0, count: Int(UInt8.max) + 1)
    for id in 0..<count where presence[id] { counts[Int(registrants[id])] += 1 }
    return counts
  }

  /// Starts a pass: every series is absent until it is set.
  public mutating func begin() {
    presence[..<count].update(repeating: false)
  }

  /// Starts a pass in which the series of these registrants stay as they are.
  mutating func begin(keeping isKept: [Bool]) {
    for id in 0..<count where !isKept[Int(registrants[id])] { presence[id] = false }
  }

  /// Sets a series' raw value in this pass. `id` is one that was handed out by this table.
  @inline(__always)
  public mutating func set(_ id: Int, _ value: Int64) {
    precondition(UInt(bitPattern: id) < UInt(bitPattern: descriptors.count))
    raw[id] = value
    presence[id] = true
  }

  /// Sets a series' raw value, unless the kernel did not say it: then it stays absent.
  @inline(__always)
  mutating func set(_ id: Int, ifKnown value: Int64?) {
    if let value { set(id, value) }
  }

  /// Sets the value of a series of doubles in this pass.
  @inline(__always)
  mutating func set(_ id: Int, double value: Double) {
    set(id, Int64(bitPattern: value.bitPattern))
  }

  /// Makes a series absent in this pass.
  mutating func withdraw(_ id: Int) {
    precondition(UInt(bitPattern: id) < UInt(bitPattern: descriptors.count))
    presence[id] = false
  }

  /// Makes all series of who registers now absent in this pass.
  mutating func withdrawAll() {
    for id in 0..<count where registrants[id] == registrant { presence[id] = false }
  }

  /// Counts series that were refused elsewhere, before they came here.
  mutating func countRefused(_ count: Int) { refused += count }

  /// Takes in a series. One that its source has registered before gets the id it has. Nil, and counted, if it is
  /// refused.
  public mutating func register(_ series: SeriesDescriptor) -> Int? {
    register([series], labels: series.labels)
  }

  /// Takes in series that differ in name only and share `labels`; their ids follow one another from the one
  /// returned. All of them or, counted, none.
  public mutating func register(_ series: [SeriesDescriptor], labels: [Label] = []) -> Int? {
    guard let name = series.first?.name else { return nil }
    if let known = index[Self.hash(name, labels)] {
      if isSame(known, series, labels) { return known }
      refused += series.count
      return nil
    }
    let first = count
    for template in series {
      var descriptor = template
      descriptor.labels = labels
      let isNew = index[Self.hash(descriptor.name, labels)] == nil
      guard isNew, count < maximumSeries, (try? descriptor.validate()) != nil else {
        descriptors.removeSubrange(first...)
        refused += series.count
        return nil
      }
      descriptors.append(descriptor)
    }
    grow(from: first)
    groups.append(Int32(truncatingIfNeeded: first))
    for id in first..<count { index[Self.hash(descriptors[id].name, labels)] = id }
    return first
  }

  /// Takes in series of metrics that share their labels, for these values of them.
  mutating func register(_ metrics: [Metric], _ values: String...) -> Int? {
    let series = metrics.map { $0.series(named: $0.name, values) }
    return register(series, labels: series.first?.labels ?? [])
  }

  /// Forgets all series. The count of those refused stays.
  public mutating func removeAll() {
    descriptors.removeAll()
    index.removeAll()
    groups.removeAll()
  }

  /// How many series ``compact()`` would forget.
  public var goneCount: Int {
    var gone = 0
    forEachGroup { group in if !isLive(group) { gone += group.count } }
    return gone
  }

  /// Forgets the series that were not set in this pass. The others keep their values and their order, and take the
  /// ids from 0 on: whoever registers one again is told its new id. Series that were registered together stay if
  /// one of them is there. Those of the table's owner all stay; if they were registered first, so do their ids.
  ///
  /// - Returns: how many are forgotten.
  @discardableResult
  public mutating func compact() -> Int {
    var live: [Range<Int>] = []
    forEachGroup { group in if isLive(group) { live.append(group) } }
    let before = count
    // New storage: an array that is as large as it ever was would keep its size.
    let old = descriptors
    descriptors = []
    descriptors.reserveCapacity(live.reduce(0) { $0 + $1.count })
    groups.removeAll(keepingCapacity: true)
    index = [:]
    for group in live {
      let first = count
      groups.append(Int32(truncatingIfNeeded: first))
      for id in group {
        let next = count
        descriptors.append(old[id])
        index[Self.hash(old[id].name, old[id].labels)] = next
        // Never behind where it is read from.
        raw[next] = raw[id]
        presence[next] = presence[id]
        registrants[next] = registrants[id]
      }
    }
    return before - count
  }

  private func isLive(_ group: Range<Int>) -> Bool {
    registrants[group.lowerBound] == 0 || presence[group].contains(true)
  }

  private func forEachGroup(_ body: (Range<Int>) -> Void) {
    for (position, first) in groups.enumerated() {
      body(Int(first)..<(position + 1 < groups.count ? Int(groups[position + 1]) : count))
    }
  }

  /// Whether the registrant has registered just these, one after the other from this id on.
  private func isSame(_ first: Int, _ series: [SeriesDescriptor], _ labels: [Label]) -> Bool {
    guard series.count <= count - first, registrants[first] == registrant else { return false }
    return series.indices.allSatisfy { position in
      var descriptor = series[position]
      descriptor.labels = labels
      return descriptors[first + position] == descriptor
    }
  }

  private static func hash(_ name: String, _ labels: [Label]) -> Int {
    var hasher = Hasher()
    hasher.combine(name)
    hasher.combine(labels)
    return hasher.finalize()
  }

  /// Makes room for values, and makes the series from `first` on absent.
  private mutating func grow(from first: Int) {
    if count > raw.count {
      let capacity = max(count, raw.count * 2)
      raw = raw.moved(to: capacity, keeping: first)
      presence = presence.moved(to: capacity, keeping: first)
      registrants = registrants.moved(to: capacity, keeping: first)
    }
    raw[first..<count].initialize(repeating: 0)
    presence[first..<count].initialize(repeating: false)
    registrants[first..<count].initialize(repeating: registrant)
  }
}

extension UnsafeMutableBufferPointer where Element: BitwiseCopyable {
  /// A larger buffer with the first `count` elements; this one is freed.
  fileprivate func moved(to capacity: Int, keeping count: Int) -> Self {
    let larger = Self.allocate(capacity: capacity)
    _ = larger.update(fromContentsOf: self[..<count])
    deallocate()
    return larger
  }
}
