import GRPC
import ProcFS
import Sampling
import Testing
import Wire

@testable import Collector

/// A table whose series and values change, with what it was at each second.
private struct RecordedTable: ~Copyable {
  var table = SampleTable()
  var random: Seeded
  var states: [[Int64?]] = []
  /// The same by name.
  var named: [[String: Int64]] = []
  private var made = 0

  init(seed: UInt64) { random = Seeded(seed) }

  /// Ids mean others now, and some series are none any more.
  mutating func compact() {
    var smaller = SampleTable()
    for series in table.descriptors where Bool.random(using: &random) { _ = smaller.register(series) }
    table = smaller
  }

  mutating func pass(maximumSeries: Int = 60) {
    table.begin()
    while table.count < maximumSeries, Int.random(in: 0..<3, using: &random) == 0 || table.count == 0 {
      _ = table.register(
        SeriesDescriptor("test_\(made)_total", labels: [Label("l", "\(made)")], kind: .counter))
      made += 1
    }
    for id in 0..<table.count where Int.random(in: 0..<5, using: &random) > 0 {
      table.set(id, Bool.random(using: &random) ? 7 : Int64.random(in: -100...1_000_000, using: &random))
    }
    states.append((0..<table.count).map { table.present[$0] ? table.values[$0] : nil })
    var state: [String: Int64] = [:]
    for id in 0..<table.count where table.present[id] { state[table.descriptors[id].name] = table.values[id] }
    named.append(state)
  }
}

/// All frames of all parts, read by one decoder: the state after each second. Frames of the same sequence are one.
private func decode(_ parts: [RecorderPart]) throws -> [(sequence: UInt64, time: Int64, state: [Int64?])] {
  let decoder = FrameDecoder()
  var seconds: [(sequence: UInt64, time: Int64, state: [Int64?])] = []
  for frame in parts.flatMap(\.frames) {
    var sequence: UInt64 = 0
    var time: Int64 = 0
    try frame.withUnsafeBytes { bytes in
      try decoder.decode(bytes) { frame in (sequence, time) = (frame.sequence, frame.wallTimeMicroseconds) }
    }
    if seconds.last?.sequence == sequence { seconds.removeLast() }
    let state = decoder.descriptors.indices.map { decoder.rawValue(at: $0) }
    seconds.append((sequence, time, state))
  }
  return seconds
}

/// The same, by name.
private func decodeByName(_ parts: [RecorderPart]) throws -> [(time: Int64, state: [String: Int64])] {
  let decoder = FrameDecoder()
  var seconds: [(sequence: UInt64, time: Int64, state: [String: Int64])] = []
  for frame in parts.flatMap(\.frames) {
    var sequence: UInt64 = 0
    var time: Int64 = 0
    try frame.withUnsafeBytes { bytes in
      try decoder.decode(bytes) { frame in (sequence, time) = (frame.sequence, frame.wallTimeMicroseconds) }
    }
    if seconds.last?.sequence == sequence { seconds.removeLast() }
    var state: [String: Int64] = [:]
    for (index, series) in decoder.descriptors.enumerated() {
      state[series.name] = decoder.rawValue(at: index)
    }
    seconds.append((sequence, time, state))
  }
  return seconds.map { ($0.time, $0.state) }
}

@Suite struct CommandsRecorderTests {
  private func recorder(_ limits: RecorderLimits = RecorderLimits()) -> Recorder {
    Recorder(opening: .test, limits: limits)
  }

  /// Twelve minutes: the last ten are there, each second as it was.
  @Test(arguments: 0..<3 as Range<UInt64>)
  func theLastTenMinutes(seed: UInt64) throws {
    var source = RecordedTable(seed: seed)
    let recorder = recorder()
    for second in 0..<720 {
      source.pass()
      recorder.record(source.table, at: .at(Double(second)))
    }
    #expect(recorder.frames.count == 600)
    let all = try decode(recorder.parts(last: nil, at: .at(719)))
    #expect(all.map(\.time) == (120..<720).map { Moment.at(Double($0)).wallMicroseconds })
    #expect(all.map(\.state) == Array(source.states.suffix(600)))

    let minute = try decode(recorder.parts(last: .seconds(59), at: .at(719)))
    #expect(minute.map(\.state) == Array(source.states.suffix(60)))
    #expect(minute.first?.time == Moment.at(660).wallMicroseconds)
    #expect(recorder.parts(last: .milliseconds(1), at: .at(900)).isEmpty)
  }

  @Test func bytesAreBoundedAndTheNewestStay() throws {
    var limits = RecorderLimits()
    limits.maximumFrameBytes = 5000
    var source = RecordedTable(seed: 9)
    let recorder = recorder(limits)
    for second in 0..<300 {
      source.pass()
      recorder.record(source.table, at: .at(Double(second)))
      #expect(recorder.byteCount <= 5000)
    }
    let all = try decode(recorder.parts(last: nil, at: .at(299)))
    #expect(all.count > 10 && all.count < 300)
    #expect(all.map(\.state) == Array(source.states.suffix(all.count)))
  }

  @Test func onceASecondAndNotWhenOff() {
    var source = RecordedTable(seed: 1)
    let recorder = recorder()
    #expect(recorder.isDue(at: .at(0)))
    for tenth in 0..<100 {
      source.pass()
      recorder.record(source.table, at: .at(Double(tenth) / 10))
    }
    #expect(recorder.frames.count == 10)
    recorder.isOn = false
    #expect(!recorder.isDue(at: .at(20)) && recorder.byteCount == 0)
    recorder.record(source.table, at: .at(20))
    #expect(recorder.frames.count == 0)
    recorder.isOn = true
    recorder.record(source.table, at: .at(21))
    #expect(recorder.frames.count == 1)
  }

  /// Twelve minutes in which the table is compacted again and again: the last ten are there as one stream.
  @Test(arguments: 0..<6 as Range<UInt64>, [nil, .seconds(59), .seconds(300)] as [Duration?])
  func aTableThatIsCompactedIsOneStream(seed: UInt64, last: Duration?) throws {
    var source = RecordedTable(seed: seed)
    let recorder = recorder()
    for second in 0..<720 {
      source.pass(maximumSeries: 40)
      recorder.record(source.table, at: .at(Double(second)))
      guard Int.random(in: 0..<[30, 700][Int(seed % 2)], using: &source.random) == 0 else { continue }
      source.compact()
      recorder.seriesForgotten()
    }
    let seconds = last.map { Int($0.components.seconds) + 1 } ?? 600
    let read = try decodeByName(recorder.parts(last: last, at: .at(719)))
    #expect(read.map(\.time) == (720 - seconds..<720).map { Moment.at(Double($0)).wallMicroseconds })
    #expect(read.map(\.state) == Array(source.named.suffix(seconds)))
  }

  @Test func dictionariesThatTakeTooMuchMemoryAreGivenUpWithTheirFrames() throws {
    let recorder = recorder()
    for round in 0..<3 {
      var table = SampleTable(maximumSeries: 9000)
      for number in 0..<9000 { _ = table.register(SeriesDescriptor("test_\(number)", kind: .gauge)) }
      table.set(round, 7)
      recorder.record(table, at: .at(Double(round)))
      recorder.seriesForgotten()
    }
    var table = SampleTable()
    _ = table.register(SeriesDescriptor("last", kind: .gauge))
    table.set(0, 9)
    recorder.record(table, at: .at(3))
    #expect(recorder.frames.count == 1)
    #expect(try decodeByName(recorder.parts(last: nil, at: .at(3))).map(\.state) == [["last": 9]])
  }

  /// A dictionary that fits into no message is said in several.
  @Test func hostsOfManySeries() throws {
    let recorder = recorder()
    var table = SampleTable()
    let value = String(repeating: "x", count: 40)
    for id in 0..<6000 {
      _ = table.register(
        SeriesDescriptor("test_\(id)", labels: [Label("label", "\(value)\(id)")], kind: .gauge))
    }
    for second in 0..<5 {
      table.begin()
      for id in stride(from: 0, to: 6000, by: 7) { table.set(id, Int64(second * id)) }
      recorder.record(table, at: .at(Double(second)))
    }
    let parts = recorder.parts(last: nil, at: .at(5))
    #expect(parts.count > 1)
    for part in parts {
      #expect(CommandOutput.Content.recorder(part).packedBytes <= RecorderExtract.partBytes + 64)
    }
    let all = try decode(parts)
    #expect(all.count == recorder.frames.count)
    let expected = (0..<6000).map { (id: Int) -> Int64? in id % 7 == 0 ? Int64(4 * id) : nil }
    #expect(all.last?.state == expected)
  }

  @Test func aLookAtTheProcessesEachMinute() throws {
    let recorder = Recorder(opening: .test)
    let start = Moment.at(0).wallMicroseconds
    for look in 0..<78 {
      let process = ProcessInfo(pid: UInt32(look), name: "p", commandLine: String(repeating: "x", count: 200))
      recorder.record(
        ProcessList(
          timeMicroseconds: start + Int64(look) * 10_000_000, processes: [process], windowMilliseconds: 10_000
        )
      )
    }
    let now = Moment.at(780)
    let lists = recorder.parts(last: nil, at: now).flatMap(\.minutes)
    #expect(lists.map(\.processes.first?.pid) == (3...12).map { UInt32($0 * 6) })
    #expect(recorder.parts(last: .seconds(150), at: now).flatMap(\.minutes).count == 2)
    #expect(recorder.byteCount == recorder.minutes.byteCount)
  }

  @Test func looksAreBoundedInBytes() {
    let recorder = Recorder(opening: .test)
    for minute in 0..<10 {
      let process = ProcessInfo(name: "p", commandLine: String(repeating: "x", count: 250))
      recorder.record(
        ProcessList(
          timeMicroseconds: Int64(minute) * 60_000_000, processes: Array(repeating: process, count: 150)))
    }
    #expect(recorder.minutes.byteCount <= recorder.limits.maximumMinuteBytes)
    #expect(recorder.minutes.lists.last?.timeMicroseconds == 540_000_000)
    recorder.isOn = false
    #expect(recorder.byteCount == 0)
    recorder.record(ProcessList(timeMicroseconds: 1))
    #expect(recorder.minutes.lists.isEmpty)
  }

  @Test func theCommandHandsItOver() throws {
    let host = FakeEnvironment()
    var source = RecordedTable(seed: 4)
    for second in 0..<100 {
      source.pass()
      host.recorder.record(source.table, at: .at(Double(second)))
    }
    let desk = CommandDesk(forbidden: [], environment: host)
    desk.begin(.test("a", .recorder(lastMilliseconds: 9500)), at: .at(99))
    let (told, outputs) = desk.run(from: .at(99))
    #expect(told == ["a output 0", "a ok"])
    let parts = outputs.compactMap { output in
      if case .recorder(let part) = output.content { part } else { nil }
    }
    #expect(try decode(parts).map(\.state) == Array(source.states.suffix(10)))
    desk.begin(.test("b", .recorder(lastMilliseconds: 1)), at: .at(200))
    #expect(desk.run(from: .at(200)).told == ["b ok: nothing is recorded of that time"])
  }
}
