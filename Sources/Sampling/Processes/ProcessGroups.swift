import Wire

/// All processes of a pass, added up by a name.
struct ProcessGroups {
  /// What threads of the kernel are added up as.
  static let kernelName = "(kernel)"
  /// What processes of no unit are.
  static let nobodyName = "(no unit)"
  /// Names there may be; what has another is added up as ``restName``.
  static let maximumNames = 2048
  static let restName = "(other)"

  /// By the names' numbers.
  private(set) var groups: [ProcessGroup] = []
  private var numbers: [String: Int32] = [:]

  init() {}

  /// The names and numbers of another pass, with nothing added yet. Names that had no process then are forgotten once
  /// there are many, and every number with them: false.
  init(named earlier: ProcessGroups, keepsNumbers: inout Bool) {
    keepsNumbers = earlier.groups.count < Self.maximumNames
    guard keepsNumbers else { return }
    numbers = earlier.numbers
    groups = earlier.groups.map { ProcessGroup(name: $0.name) }
  }

  /// The number of a name.
  mutating func number(of name: String) -> Int32 {
    if let number = numbers[name] { return number }
    guard groups.count < Self.maximumNames - 1 || name == Self.restName else {
      return number(of: Self.restName)
    }
    let number = Int32(groups.count)
    numbers[name] = number
    groups.append(ProcessGroup(name: name))
    return number
  }

  /// Adds a process to a group.
  mutating func add(_ process: RankedProcess, to number: Int32, pageBytes: UInt64) {
    let place = Int(number)
    groups[place].processes &+= 1
    groups[place].threads &+= UInt32(clamping: process.threads)
    groups[place].cpuRatio += process.cpuRatio
    groups[place].residentBytes &+= UInt64(max(process.residentPages, 0)) &* pageBytes
    if process.readPerSecond.isFinite { groups[place].readBytesPerSecond += process.readPerSecond }
    if process.writtenPerSecond.isFinite { groups[place].writtenBytesPerSecond += process.writtenPerSecond }
  }

  /// Groups that have a process.
  var total: Int { groups.count { $0.processes > 0 } }

  /// Those that use most CPU, and besides them those that use most memory and those that do most I/O: so many of each.
  func top(_ count: Int) -> [ProcessGroup] {
    var chosen: [Int] = []
    for use in Self.uses {
      let ranked = groups.indices.filter { use(groups[$0]) > 0 }.sorted { use(groups[$0]) > use(groups[$1]) }
      for place in ranked.prefix(count) where !chosen.contains(place) { chosen.append(place) }
    }
    return chosen.map { groups[$0] }
  }

  private static let uses: [@Sendable (ProcessGroup) -> Double] = [
    { $0.cpuRatio }, { Double($0.residentBytes) }, { $0.readBytesPerSecond + $0.writtenBytesPerSecond },
  ]
}
