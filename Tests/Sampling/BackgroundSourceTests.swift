import Glibc
import ProcFS
import Synchronization
import Testing
import Threads
import Wire

@testable import Sampling

/// A source that is read where nobody waits for it: first alone, then through a sampler.
@Suite struct BackgroundSourceTests {
  private let clock = TestClock()
  private let device = Device()

  @Test func anAnswerIsTakenOverWhenItIsThere() {
    let source = background()
    var table = SampleTable()
    #expect(source.take(into: &table, at: clock.now) == nil)
    device.values = ["a": 1, "b": 2]
    source.ask(at: clock.now)
    device.awaitReading(1)
    #expect(source.take(into: &table, at: clock.now) == nil)
    #expect(table.shown.isEmpty)
    clock.advance(seconds: 2)
    device.letGo()
    source.awaitAnswer(until: .max)
    #expect(source.take(into: &table, at: clock.now) == .ended(answer(seconds: 1, 3)))
    #expect(table.shown == ["a": 1, "b": 2])
    #expect(source.take(into: &table, at: clock.now) == nil)
  }

  @Test func whatIsNotThereAnyMoreIsAbsent() {
    let source = background(isHeld: false)
    var table = SampleTable()
    for values in [["a": 1, "b": 2], ["b": 3], [:], ["c": 4, "a": 5]] as [[String: Int64]] {
      device.values = values
      read(source, &table)
      #expect(table.shown == values.mapValues { Double($0) })
    }
    #expect(table.count == 3)
  }

  @Test func oneReadingIsUnderWayAtMost() {
    let source = background()
    var table = SampleTable()
    for _ in 0..<10 {
      source.ask(at: clock.now)
      #expect(source.take(into: &table, at: clock.now) == nil)
    }
    device.awaitReading(1)
    device.letGo()
    source.awaitAnswer(until: .max)
    // The second is only asked for once the first is taken over.
    source.ask(at: clock.now)
    #expect(device.readings == 1)
    _ = source.take(into: &table, at: clock.now)
    source.ask(at: clock.now)
    source.awaitAnswer(until: .max)
    #expect(device.readings == 2)
  }

  @Test func theValuesStayUntilTheDeadlineAndComeBackWithTheAnswer() {
    let source = background(isHeld: false)
    var table = SampleTable()
    device.values = ["a": 1]
    read(source, &table)
    device.hold()
    let asked = clock.now
    source.ask(at: asked)
    device.awaitReading(2)
    clock.advance(seconds: 5)
    #expect(source.take(into: &table, at: clock.now) == nil)
    #expect(table.shown == ["a": 1])
    clock.advance(seconds: 0.1)
    // Waiting for what is overdue is no use.
    source.awaitAnswer(until: .max)
    for _ in 0..<2 {
      #expect(source.take(into: &table, at: clock.now) == .overdue(since: asked))
      #expect(table.shown.isEmpty)
      source.ask(at: clock.now)
    }
    device.values = ["a": 7]
    device.letGo()
    while source.take(into: &table, at: asked) == nil { source.awaitAnswer(until: .max) }
    #expect(table.shown == ["a": 7])
    #expect(device.readings == 2)
  }

  @Test func anErrorMakesItsValuesAbsent() {
    let source = background(isHeld: false)
    var table = SampleTable()
    device.values = ["a": 1]
    read(source, &table)
    device.failure = .failing(path: "/x", errno: EIO)
    #expect(read(source, &table)?.failure == .failing(path: "/x", errno: EIO))
    #expect(table.shown.isEmpty)
    device.failure = nil
    read(source, &table)
    #expect(table.shown == ["a": 1])
  }

  /// As on the loop: some of its files may be understood, others not.
  @Test func whatWasSetBeforeAnErrorIsShownBesideIt() {
    let source = background(isHeld: false)
    var table = SampleTable()
    device.values = ["a": 1, "b": 2]
    read(source, &table)
    device.values = ["a": 3]
    device.lateFailure = .failing(path: "/x", errno: EIO)
    #expect(read(source, &table)?.failure == .failing(path: "/x", errno: EIO))
    #expect(table.shown == ["a": 3])
  }

  @Test func aSourceIsToldWhatTheSamplersTableRefused() {
    let source = background(isHeld: false)
    var table = SampleTable()
    table.registrant = 2
    let others = table.register(Metric.gauge("b", "").series())
    table.registrant = 1
    device.values = ["a": 1, "b": 2, "lost": 0]
    for _ in 0..<2 { #expect(read(source, &table)?.failure == .unset(setting: "b")) }
    #expect(table.shown == ["a": 1, "lost": 1])
    #expect(others != nil && table.refused == 1)
    device.values = ["a": 1]
    #expect(read(source, &table)?.failure == nil)
    #expect(table.shown == ["a": 1])
  }

  @Test func startingOverForgetsWhatIsGone() {
    let source = background(isHeld: false)
    var table = SampleTable()
    device.values = ["gone": 1, "here": 2]
    read(source, &table)
    // What is under way when the table starts over was asked of the old series.
    device.hold()
    source.ask(at: clock.now)
    device.awaitReading(2)
    table.removeAll()
    source.forgetSeries()
    device.values = ["here": 3]
    device.letGo()
    source.awaitAnswer(until: .max)
    _ = source.take(into: &table, at: clock.now)
    #expect(table.shown == ["here": 3])
    table.removeAll()
    source.forgetSeries()
    read(source, &table)
    #expect(table.shown == ["here": 3])
    #expect(table.count == 1)
    // Once the thread was done with it.
    #expect(device.timesForgotten == 1)
  }

  @Test(arguments: [false, true])
  func aCompactedTableKeepsItsValuesUntilTheNextAnswer(isUnderWay: Bool) {
    let source = background(isHeld: false)
    var table = SampleTable()
    table.registrant = 1
    device.values = ["gone": 1, "here": 2, "going": 3]
    read(source, &table)
    device.values = ["here": 2, "going": 3]
    read(source, &table)
    device.hold()
    if isUnderWay {
      source.ask(at: clock.now)
      device.awaitReading(3)
    }
    table.compact()
    source.forgetSeries()
    #expect(source.take(into: &table, at: clock.now) == nil)
    #expect(table.shown == ["here": 2, "going": 3])
    if !isUnderWay { source.ask(at: clock.now) }
    device.values = ["here": 4]
    device.letGo()
    source.awaitAnswer(until: .max)
    _ = source.take(into: &table, at: clock.now)
    #expect(table.shown == ["here": 4])
    #expect(table.count == 2)
  }

  @Test func whatFailsAfterACompactionIsAbsent() {
    let source = background(isHeld: false)
    var table = SampleTable()
    table.registrant = 1
    device.values = ["a": 1]
    read(source, &table)
    table.compact()
    source.forgetSeries()
    device.failure = .failing(path: "/x", errno: EIO)
    read(source, &table)
    #expect(table.shown.isEmpty)
  }

  @Test func whatTheTableRefusesIsNotShown() {
    let source = background(isHeld: false)
    var table = SampleTable(maximumSeries: 1)
    device.values = ["a": 1, "b": 2]
    for _ in 0..<3 { read(source, &table) }
    #expect(table.shown == ["a": 1])
    #expect(table.refused == 1)
  }

  @Test func thereIsALimitOnSeries() {
    let source = background(isHeld: false)
    var table = SampleTable()
    let limit = BackgroundSource.maximumSeries
    for number in 0..<limit + 3 { device.values["a\(number)"] = 1 }
    read(source, &table)
    #expect(table.shown.count == limit)
    #expect(table.refused == 3)
  }

  @Test func filtersWaitForTheReadingUnderWay() {
    let source = background()
    var table = SampleTable()
    source.ask(at: clock.now)
    device.awaitReading(1)
    source.refilter(FilterSettings())
    #expect(device.timesRefiltered == 0)
    device.letGo()
    source.awaitAnswer(until: .max)
    _ = source.take(into: &table, at: clock.now)
    read(source, &table)
    read(source, &table)
    #expect(device.timesRefiltered == 1)
  }

  @Test func whatIsSwitchedOffMeanwhileIsNotShown() {
    let source = background()
    var table = SampleTable()
    device.values = ["a": 1]
    source.discard()
    source.ask(at: clock.now)
    device.awaitReading(1)
    source.discard()
    device.letGo()
    source.awaitAnswer(until: .max)
    #expect(source.take(into: &table, at: clock.now) == nil)
    #expect(table.shown.isEmpty)
    read(source, &table)
    #expect(table.shown == ["a": 1])
  }

  @Test func theThreadOwnsNothingInTheEnd() {
    weak var witness: Device?
    var source: BackgroundSource?
    do {
      let device = Device()
      device.hold()
      witness = device
      source = BackgroundSource(Asking(device: device)) { [clock] in clock.now }
      source?.ask(at: clock.now)
      device.awaitReading(1)
      source = nil
      #expect(witness != nil)
      device.letGo()
    }
    until { witness == nil }
  }

  // MARK: - Through a sampler

  @Test func aDeviceThatDoesNotAnswerCostsTheOthersNothing() throws {
    let tree = TestTree([
      "proc/loadavg": "1.00 2.00 3.00 1/2 3\n", "sys/class/hwmon/hwmon0/name": "dead\n",
      "sys/class/hwmon/hwmon0/temp2_input": "21000\n", "sys/class/thermal/thermal_zone0/type": "acpitz\n",
      "sys/class/thermal/thermal_zone0/temp": "20000\n",
    ])
    let pipe = Pipe(tree, "sys/class/hwmon/hwmon0/temp1_input")
    let sampler = sampler(tree)
    var table = SampleTable()
    let asked = clock.now
    let zone = #"node_thermal_zone_temp{zone="0",type="acpitz"}"#
    func sees(_ condition: (Double?) -> Bool) -> Bool {
      sampler.sample(into: &table)
      return table.shown[zone] == 20 && condition(table.shown[#"muster_collector_source_up{source="hwmon"}"#])
    }
    until { sees { $0 == nil } }
    clock.advance(seconds: 5.1)
    until { sees { $0 == 0 } }
    #expect(table.shown["node_load1"] == 1)
    #expect(table.shown.of("node_hwmon").isEmpty)
    let status = try #require(sampler.statuses.first { $0.name == "hwmon" })
    #expect(status.availability == .failing(.unanswered(path: "/sys/class/hwmon/*", seconds: 5)))
    #expect(status.sinceNanoseconds == asked)
    until { sees { $0 == 0 } && sampler.unansweredSources == ["hwmon"] }

    // It is waited for, however long; and another sampler leaves it alone.
    clock.advance(seconds: 60)
    until { sees { $0 == 0 } }
    #expect(sampler.statuses.first { $0.name == "hwmon" }?.sinceNanoseconds == asked)
    let other = Sampler(root: tree.root, calls: SamplingFixture.calls, sparing: sampler.unansweredSources) {
      [clock] in clock.now
    }
    #expect(!other.statuses.contains { $0.name == "hwmon" })

    pipe.letGo()
    until {
      sampler.sample(into: &table)
      return table.shown[#"node_hwmon_temp_celsius{chip="dead",sensor="temp2"}"#] == 21
    }
    // What a pipe says cannot be read from its start.
    #expect(table.shown[#"node_hwmon_temp_celsius{chip="dead",sensor="temp1"}"#] == nil)
    #expect(table.shown[#"muster_collector_source_up{source="hwmon"}"#] == 1)
    #expect(sampler.unansweredSources.isEmpty)
  }

  @Test func aCPUWhoseFirmwareDoesNotAnswerCostsTheOthersNothing() {
    let cpus = "sys/devices/system/cpu"
    let tree = TestTree(["proc/loadavg": "1.00 2.00 3.00 1/2 3\n", "\(cpus)/online": "0\n"])
    let pipe = Pipe(tree, "\(cpus)/cpu0/cpufreq/scaling_cur_freq")
    let sampler = sampler(tree)
    var table = SampleTable()
    let up = #"muster_collector_source_up{source="cpufreq"}"#
    sampler.sample(into: &table)
    #expect(table.shown["node_load1"] == 1)
    clock.advance(seconds: 5.1)
    until {
      sampler.sample(into: &table)
      return table.shown[up] == 0 && sampler.unansweredSources == ["cpufreq"]
    }
    #expect(table.shown["node_load1"] == 1)
    pipe.letGo()
    until {
      sampler.sample(into: &table)
      return table.shown[up] == 1
    }
  }

  /// Who sets another folder is not to wait for the one that hangs.
  @Test func aSourceThatStartsAnewDoesNotWaitForTheReadingUnderWay() throws {
    let device = device
    let kind = SourceKind("slow", reads: ["/slow"], mayBlock: true, metrics: []) {
      $0.textfileDirectory.isEmpty ? Asking(device: device) : Asking(device: Device(["new": 1]))
    }
    var context = SourceContext(
      root: ProcRoot(), filters: FilterSettings(), calls: SamplingFixture.calls,
      clock: { [clock] in clock.now })
    var slot = SourceSlot(kind, context)
    var table = SampleTable()
    device.values = ["old": 1]
    func pass() {
      _ = slot.ask(into: &table, at: clock.now)
      slot.awaitAnswer(until: .max, clock: { clock.now })
      _ = slot.take(into: &table, at: clock.now)
    }
    pass()
    #expect(table.shown["old"] == 1)
    device.hold()
    _ = slot.ask(into: &table, at: clock.now)
    device.awaitReading(2)
    context.textfileDirectory = "/elsewhere"
    slot.startAnew(context, in: &table)
    #expect(table.shown["old"] == nil)
    pass()
    #expect(table.shown["new"] == 1)
    device.letGo()
    pass()
    #expect(table.shown["old"] == nil && table.shown["new"] == 1)
  }

  @Test func itIsReadWhenItsIntervalHasPassed() {
    let tree = TestTree([
      "sys/class/hwmon/hwmon0/name": "chip\n", "sys/class/hwmon/hwmon0/temp1_input": "1000\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    func pass(_ second: Int64) -> Double? {
      sampler.sample(into: &table, atWall: second * 1_000_000)
      sampler.await(nanoseconds: .max / 4)
      return table.shown[#"node_hwmon_temp_celsius{chip="chip",sensor="temp1"}"#]
    }
    _ = pass(5)
    #expect(pass(6) == 1)
    tree.write("sys/class/hwmon/hwmon0/temp1_input", "2000\n")
    for second in 7...9 { #expect(pass(Int64(second)) == 1) }
    _ = pass(10)
    #expect(pass(11) == 2)
  }

  @Test func aClassWithoutDevicesIsLookedAtEveryMinute() {
    let tree = TestTree()
    tree.folder("sys/class/thermal")
    let sampler = sampler(tree)
    var table = SampleTable()
    func zones() -> Int {
      for _ in 0..<2 {
        sampler.sample(into: &table)
        sampler.await(nanoseconds: .max / 4)
      }
      return table.shown.of("node_thermal_zone_temp").count
    }
    #expect(zones() == 0)
    tree.write("sys/class/thermal/thermal_zone0/temp", "20000\n")
    clock.advance(seconds: 59)
    #expect(zones() == 0)
    clock.advance(seconds: 1)
    #expect(zones() == 1)
    #expect(table.shown[#"muster_collector_source_up{source="thermal"}"#] == 1)
  }

  @Test func oneThatIsSwitchedOffIsAbsentAndOneThatIsNotOfferedIsNotToldOf() {
    let tree = TestTree([
      "sys/class/hwmon/hwmon0/name": "chip\n", "sys/class/hwmon/hwmon0/temp1_input": "1000\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    func pass() -> [String: Double] {
      for _ in 0..<2 {
        sampler.sample(into: &table)
        sampler.await(nanoseconds: .max / 4)
      }
      return table.shown.of("node_hwmon").merging(
        table.shown.of(#"muster_collector_source_up{source="hwmon"#)
      ) { $1 }
    }
    let before = pass()
    #expect(before.count == 3)
    sampler.apply(SamplingSettings(sources: ["hwmon": SourceSettings(isEnabled: false)]), to: &table)
    #expect(pass().isEmpty)
    sampler.apply(SamplingSettings(), to: &table)
    #expect(pass() == before)
    for name in ["hwmon0/temp1_input", "hwmon0/name", "hwmon0", ""] { tree.remove("sys/class/hwmon/\(name)") }
    clock.advance(seconds: 60)
    #expect(pass().isEmpty)
  }

  // MARK: - Means

  private func background(isHeld: Bool = true) -> BackgroundSource {
    if isHeld { device.hold() }
    return BackgroundSource(Asking(device: device)) { [clock] in clock.now }
  }

  /// One reading, from asking to showing.
  @discardableResult
  private func read(_ source: BackgroundSource, _ table: inout SampleTable) -> BackgroundSource.Answer? {
    source.ask(at: clock.now)
    source.awaitAnswer(until: .max)
    guard case .ended(let answer) = source.take(into: &table, at: clock.now) else { return nil }
    return answer
  }

  private func answer(seconds started: Int64, _ ended: Int64) -> BackgroundSource.Answer {
    BackgroundSource.Answer(started: started * 1_000_000_000, ended: ended * 1_000_000_000)
  }

  private func sampler(_ tree: TestTree) -> Sampler {
    Sampler(root: tree.root, calls: SamplingFixture.calls) { [clock] in clock.now }
  }

  /// Lets other threads work until it is so; 20 s of trying is a failure.
  private func until(_ condition: () -> Bool) {
    for _ in 0..<20_000 {
      if condition() { return }
      device.waitABit()
    }
    Issue.record("it never came")
  }
}

/// Values that may be held back.
private final class Device: Sendable {
  private struct State {
    var values: [String: Int64] = [:]
    var failure: KernelError?
    var lateFailure: KernelError?
    var isHeld = false
    var readings = 0
    var timesForgotten = 0
    var timesRefiltered = 0
  }

  private let state = Mutex(State())
  // Has its own lock.
  nonisolated(unsafe) private let monitor = Monitor()

  init(_ values: [String: Int64] = [:]) { state.withLock { $0.values = values } }

  var values: [String: Int64] {
    get { state.withLock { $0.values } }
    set { state.withLock { $0.values = newValue } }
  }
  var failure: KernelError? {
    get { state.withLock { $0.failure } }
    set { state.withLock { $0.failure = newValue } }
  }
  /// Of a reading that has set its values already.
  var lateFailure: KernelError? {
    get { state.withLock { $0.lateFailure } }
    set { state.withLock { $0.lateFailure = newValue } }
  }
  var readings: Int { state.withLock { $0.readings } }
  var timesForgotten: Int { state.withLock { $0.timesForgotten } }
  var timesRefiltered: Int { state.withLock { $0.timesRefiltered } }

  func hold() { state.withLock { $0.isHeld = true } }

  func letGo() { state.withLock { $0.isHeld = false } }

  func forget() { state.withLock { $0.timesForgotten += 1 } }

  func refilter() { state.withLock { $0.timesRefiltered += 1 } }

  func waitABit() { monitor.withLock { monitor.wait(nanoseconds: 1_000_000) } }

  /// Waits until somebody is at the so many-th reading.
  func awaitReading(_ number: Int) {
    while readings < number { waitABit() }
  }

  func read() throws(KernelError) -> [String: Int64] {
    state.withLock { $0.readings += 1 }
    while state.withLock({ $0.isHeld }) { waitABit() }
    if let failure { throw failure }
    return values
  }
}

/// Shows what a device says.
private struct Asking: Source {
  let device: Device

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    for (name, value) in try device.read().sorted(by: { $0.key < $1.key }) {
      if let id = table.register(Metric.gauge(name, "").series()) { table.set(id, value) }
    }
    if let failure = device.lateFailure { throw failure }
  }

  /// Says the first name; and how many there are, if there is a series for that.
  mutating func wasRefused(_ series: [SeriesDescriptor], in table: inout SampleTable) -> KernelError? {
    guard let lost = device.values["lost"] != nil ? table.register(Metric.gauge("lost", "").series()) : nil
    else {
      return nil
    }
    table.set(lost, Int64(series.count))
    return .unset(setting: series[0].name)
  }

  mutating func forgetSeries() { device.forget() }

  mutating func refilter(_ filters: FilterSettings) { device.refilter() }
}

/// A file that nobody can open until it is let go.
private final class Pipe {
  private let path: String
  private var writer: Int32 = -1

  init(_ tree: TestTree, _ name: String) {
    // Known to the tree, which then removes it.
    tree.write(name, "")
    path = tree.path + "/" + name
    unlink(path)
    mkfifo(path, 0o600)
  }

  /// With a writer there, opening to read does not wait.
  func letGo() { writer = open(path, O_RDWR) }

  deinit {
    letGo()
    close(writer)
  }
}

extension BackgroundSource.Outcome: Equatable {
  static func == (a: Self, b: Self) -> Bool { "\(a)" == "\(b)" }
}
