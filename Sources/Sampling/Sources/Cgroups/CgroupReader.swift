import ProcFS

/// Reads the files of a cgroup.
struct CgroupReader {
  /// A file, and what is made of its text.
  private struct Step: Sendable {
    let file: StaticString
    let parse: @Sendable (inout CgroupReader, UnsafeRawBufferPointer) throws(KernelError) -> Void
  }

  /// The resources whose pressure is shown: `irq.pressure` is the system's affair.
  static let resources: [Pressure.Resource] = [.cpu, .memory, .io]

  /// What the last reading found.
  private(set) var values = CgroupValues()
  /// Why a file of it was not understood, or could not be read: the first such.
  private(set) var failure: KernelError?
  /// Which files were there, a bit for each.
  private(set) var files: UInt32 = 0

  private var cpu = CgroupCounters(file: "cpu.stat", names: CgroupColumns.cpuStat.map(\.name))
  private var memory = CgroupCounters(file: "memory.stat", names: CgroupColumns.memoryStat.map(\.name))
  private var events = CgroupCounters(file: "memory.events", names: CgroupColumns.memoryEvents.map(\.name))
  private var pressures = resources.map { Pressure(ofCgroup: $0) }
  private var devices: StackedDevices

  init(root: ProcRoot) {
    devices = StackedDevices(root: root)
  }

  /// What is read of a cgroup.
  enum Scope {
    /// Only what can be added up over cgroups.
    case sums
    /// All but limits.
    case usage
    /// All.
    case everything
  }

  /// Reads a cgroup's files. Returns the number of the folder, nil if the cgroup is gone.
  ///
  /// - Parameter earlier: what an earlier reading found. When usage is read, files that were not there are not looked
  ///   for, and limits are taken to be what they were. nil: read as if for the first time.
  mutating func read(
    _ path: String, _ scope: Scope, after earlier: (values: CgroupValues, files: UInt32)?,
    reading buffer: inout ReadBuffer
  ) throws(KernelError) -> UInt64? {
    values.clear()
    failure = nil
    let sought = scope == .usage ? earlier?.files ?? .max : .max
    if scope == .usage { values.takeLimits(of: earlier?.values) }
    guard let folder = try CgroupFolder(path: path) else { return nil }
    files = 0
    for (index, step) in Self.steps[..<Self.count(of: scope)].enumerated()
    where sought >> UInt32(index) & 1 == 1 {
      do {
        guard let text = try folder.read(step.file, into: &buffer) else { continue }
        files |= 1 << UInt32(index)
        try step.parse(&self, text)
      } catch {
        failure = failure ?? error.inCgroup(path)
      }
    }
    if scope != .sums { dropUnlimited() }
    return files != 0 || failure != nil ? folder.number : nil
  }

  private static func count(of scope: Scope) -> Int {
    switch scope {
    case .sums: countOfSums
    case .usage: countOfUsage
    case .everything: steps.count
    }
  }

  /// Devices may have come and gone.
  mutating func forgetDevices() { devices.forget() }

  private static let sums: [Step] = [
    Step(file: "cpu.stat") { reader, text throws(KernelError) in
      try reader.cpu.parse(text)
      reader.take(reader.cpu.values, at: 0)
    },
    number("memory.current", CgroupColumns.firstOfMemory),
    number("memory.swap.current", CgroupColumns.firstOfMemory + 1),
    Step(file: "memory.stat") { reader, text throws(KernelError) in
      try reader.memory.parse(text)
      reader.take(reader.memory.values, at: CgroupColumns.firstOfMemoryStat)
    },
    Step(file: "memory.events") { reader, text throws(KernelError) in
      try reader.events.parse(text)
      reader.take(reader.events.values, at: CgroupColumns.firstOfMemoryEvents)
    },
    Step(file: "io.stat") { reader, text throws(KernelError) in
      let io = try CgroupIO(parsing: text) { !reader.devices.isStacked($0, $1) }
      for place in 0..<4 { reader.values[CgroupColumns.firstOfIO + place] = io.sums[place] }
    },
    number("pids.current", CgroupColumns.pids),
  ]

  private static let usage = [
    pressure("cpu.pressure", 0), pressure("memory.pressure", 1), pressure("io.pressure", 2),
  ]

  private static let limits = [
    Step(file: "cpu.max") { reader, text throws(KernelError) in
      let cpus = try CgroupLimits.cpus(text)
      reader.values[CgroupColumns.cpuLimit] = cpus.map { Int64(bitPattern: $0.bitPattern) }
    },
    limit("memory.max", CgroupColumns.firstOfMemoryLimits),
    limit("memory.high", CgroupColumns.firstOfMemoryLimits + 1),
  ]

  private static let steps = sums + usage + limits
  private static let countOfSums = sums.count
  private static let countOfUsage = sums.count + usage.count

  private static func number(_ file: StaticString, _ column: Int) -> Step {
    let name = "\(file)"
    return Step(file: file) { reader, text throws(KernelError) in
      reader.values[column] = try CgroupLimits.number(text, file: name)
    }
  }

  private static func limit(_ file: StaticString, _ column: Int) -> Step {
    let name = "\(file)"
    return Step(file: file) { reader, text throws(KernelError) in
      reader.values[column] = try CgroupLimits.limit(text, file: name)
    }
  }

  private static func pressure(_ file: StaticString, _ resource: Int) -> Step {
    let column = CgroupColumns.firstOfPressure + 2 * resource
    return Step(file: file) { reader, text throws(KernelError) in
      try reader.pressures[resource].parse(text)
      reader.values[column] = reader.pressures[resource].some
      reader.values[column + 1] = reader.pressures[resource].full
    }
  }

  private mutating func take(_ numbers: [Int64?], at column: Int) {
    for index in numbers.indices { values[column + index] = numbers[index] }
  }

  /// The kernel counts no periods without a limit, but says 0: three series that would never change.
  private mutating func dropUnlimited() {
    let throttling = 3..<CgroupColumns.cpuStat.count
    guard values[CgroupColumns.cpuLimit] == nil, throttling.allSatisfy({ values[$0] ?? 0 == 0 }) else {
      return
    }
    for column in throttling { values[column] = nil }
  }
}

extension KernelError {
  /// The same of a file in a cgroup's folder, which its parser does not know.
  fileprivate func inCgroup(_ path: String) -> KernelError {
    guard case .malformed(let file, let line, let reason) = self else { return self }
    return .malformed(file: path + "/" + file, line: line, reason: reason)
  }
}
