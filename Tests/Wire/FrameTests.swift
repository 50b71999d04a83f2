import GRPC
import Testing

@testable import Wire

@Suite struct FrameTests {
  private typealias Change = DecodedFrame.Change

  @Test func aStreamFromItsOpeningToAQuietFrame() throws {
    var host = TestHost()
    host.add("node_boot_time_seconds", 1_760_000_000)
    host.add("node_load1", type: .double, Int64(bitPattern: 0.25.bitPattern))
    host.add("node_context_switches_total", 12_345)
    let decoder = FrameDecoder()

    let first = try decoder.see(host.frame(opening: opening))
    #expect(first.isOpening)
    #expect(decoder.opening == opening)
    #expect(first.newSeries == 3)
    #expect(first.changes.map(\.index) == [0, 1, 2])
    #expect(decoder.state == host.state)

    host.values[1] = Int64(bitPattern: 0.5.bitPattern)
    host.values[2] += 99
    let second = try decoder.see(host.frame())
    #expect(second.sequence == 2)
    #expect(
      second.changes == [
        Change(index: 1, raw: Int64(bitPattern: 0.5.bitPattern)), Change(index: 2, raw: 12_444),
      ])
    #expect(decoder.presentSeries == 3)

    let third = try decoder.see(host.frame())
    #expect(third.changes.isEmpty && third.gone.isEmpty && third.newSeries == 0)
    #expect(host.last?.samples == 3)
    #expect(host.last?.changes == 0)
  }

  @Test func aSeriesGoesAndComesBackWithTheSameValue() throws {
    var host = TestHost()
    host.add("node_disk_io_now", 5)
    host.add("node_disk_reads_completed_total", 0)
    let decoder = FrameDecoder()
    #expect(try decoder.see(host.frame(opening: opening)).changes.count == 2)

    host.present = [false, false]
    let without = try decoder.see(host.frame())
    #expect(without.gone == [0, 1])
    #expect(decoder.presentSeries == 0)
    #expect(try decoder.see(host.frame()).gone == [])

    host.present = [true, true]
    let back = try decoder.see(host.frame())
    #expect(back.changes == [Change(index: 0, raw: 5), Change(index: 1, raw: 0)])
    #expect(decoder.state == [5, 0])
  }

  @Test func aSeriesThatIsDescribedIsAbsentUntilItAppears() throws {
    var host = TestHost()
    host.add("up", 1)
    host.add("later")
    let decoder = FrameDecoder()
    try decoder.see(host.frame(opening: opening))
    #expect(decoder.state == [1, nil])
    host.present[1] = true
    #expect(try decoder.see(host.frame()).changes == [Change(index: 1, raw: 0)])
  }

  @Test(arguments: [
    (Int64.min, Int64.max), (.max, .min), (-1, 1), (0, .min), (.min, 0), (.max, 0), (1 << 40, -(1 << 40)),
  ])
  func everyIntegerIsReachedFromEveryOther(_ from: Int64, _ to: Int64) throws {
    var host = TestHost()
    host.add("x", from)
    let decoder = FrameDecoder()
    try decoder.see(host.frame(opening: opening))
    host.values[0] = to
    try decoder.see(host.frame())
    #expect(decoder.state == [to])
  }

  @Test func everyBitOfADoubleArrives() throws {
    let doubles = [Double.nan, -.nan, .infinity, -0.0, .leastNonzeroMagnitude, 0.1]
    var host = TestHost()
    host.add("x", type: .double, 0)
    let decoder = FrameDecoder()
    try decoder.see(host.frame(opening: opening))
    for double in doubles {
      host.values[0] = Int64(bitPattern: double.bitPattern)
      try decoder.see(host.frame())
      #expect(decoder.state == host.state)
    }
  }

  @Test func integersAndDoublesAscendTogether() throws {
    var host = TestHost()
    for index in 0..<40 { host.add("x\(index)", type: index % 3 == 0 ? .double : .integer, Int64(index)) }
    let decoder = FrameDecoder()
    try decoder.see(host.frame(opening: opening))
    for index in [0, 1, 5, 6, 9, 10, 11, 12, 39] { host.values[index] += 1000 }
    let seen = try decoder.see(host.frame())
    #expect(
      seen.changes
        == [0, 1, 5, 6, 9, 10, 11, 12, 39].map { Change(index: UInt32($0), raw: Int64($0) + 1000) })
  }

  @Test func aSimpleProducerSendsAbsoluteDoubles() throws {
    let decoder = FrameDecoder()
    try decoder.see(
      RawMessage.frame(1) {
        $0.opening()
        $0.double("oven_temperature_celsius")
        $0.double("oven_door_open")
        $0.doubles(at: [0, 1], [180.5, 0])
      })
    try decoder.see(RawMessage.frame(2) { $0.doubles(at: [0], [181]) })
    #expect(decoder.state == [181.0, 0.0].map { Int64(bitPattern: $0.bitPattern) })
    #expect(decoder.descriptors.map(\.name) == ["oven_temperature_celsius", "oven_door_open"])
    #expect(decoder.descriptors[0].value(ofRaw: decoder.rawValue(at: 0)!) == 181)
  }

  @Test func columnsNeedNotBePacked() throws {
    let decoder = FrameDecoder()
    try decoder.see(
      RawMessage.frame {
        $0.opening()
        $0.integer("a")
        $0.integer("b")
        $0.bytes(6, [1])
        $0.bytes(7, [3])
        $0.varint(8, 2)
        $0.varint(8, 3)
      })
    #expect(decoder.state == [1, -2])
  }

  @Test func framesOfManySeriesNeedManyPlaces() throws {
    var host = TestHost()
    for index in 0..<20_000 { host.add("x\(index)", Int64(index) << 20) }
    let decoder = FrameDecoder()
    try decoder.see(host.frame(opening: opening))
    for index in host.values.indices { host.values[index] ^= 0x5555 }
    try decoder.see(host.frame())
    #expect(decoder.state == host.state)
  }
}
