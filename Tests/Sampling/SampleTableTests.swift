import Testing
import Wire

@testable import Sampling

@Suite struct SampleTableTests {
  private let gauge = SeriesDescriptor("g", kind: .gauge)

  @Test func whatIsNotSetInAPassIsAbsent() throws {
    var table = SampleTable()
    let ids = ["a", "b"].map { table.register(SeriesDescriptor($0, kind: .gauge)) }
    let a = try #require(ids[0])
    let b = try #require(ids[1])
    table.begin()
    table.set(a, 1)
    table.set(b, 2)
    #expect(table.shown == ["a": 1, "b": 2])
    table.begin()
    table.set(b, 3)
    table.set(a, ifKnown: nil)
    #expect(table.shown == ["b": 3])
  }

  @Test func newSeriesAreAbsentAndOldOnesKeepTheirIds() throws {
    var table = SampleTable()
    let id = table.register(gauge)
    table.set(try #require(id), 7)
    for number in 1..<3000 {
      let id = table.register(SeriesDescriptor("g\(number)", kind: .gauge))
      #expect(id == number)
    }
    #expect(table.values.count == 3000)
    #expect(table.present.count == 3000)
    #expect(table.shown == ["g": 7])
  }

  @Test func seriesOfOneThingComeTogetherOrNotAtAll() {
    var table = SampleTable(maximumSeries: 5)
    let pair = [SeriesDescriptor("a", kind: .counter), SeriesDescriptor("b", kind: .counter)]
    let pairs = ["1", "2", "3"].map { table.register(pair, labels: [Label("x", $0)]) }
    #expect(pairs == [0, 2, nil])
    #expect(table.refused == 2)
    #expect(table.count == 4)
    let single = [table.register(gauge), table.register(SeriesDescriptor("h", kind: .gauge))]
    #expect(single == [4, nil])
    #expect(table.refused == 3)
    table.removeAll()
    #expect(table.count == 0)
    let again = table.register(gauge)
    #expect(again == 0)
    #expect(table.refused == 3)
  }

  @Test(arguments: [
    SeriesDescriptor("a-b", kind: .gauge),
    SeriesDescriptor("", kind: .gauge),
    SeriesDescriptor("a", labels: [Label("x", String(repeating: "y", count: 5000))], kind: .gauge),
    SeriesDescriptor("a", labels: [Label("x", ""), Label("x", "")], kind: .gauge),
  ])
  func whatTheWireWouldRefuseIsRefused(_ series: SeriesDescriptor) {
    var table = SampleTable()
    let id = table.register(series)
    #expect(id == nil)
    #expect(table.refused == 1)
  }
}

@Suite struct SeriesRowsTests {
  @Test func rowsAreFoundWhereverTheyMove() throws {
    var rows = SeriesRows()
    for (position, key) in ["a", "ab", "b", ""].enumerated() {
      let found = rows.find(key, position)
      let added = key.bytes { rows.add($0, first: position * 10, width: 10, at: position) }
      #expect(found == nil)
      #expect(added?.number == position)
    }
    let orders = [["a", "ab", "b", ""], ["b", "", "a"], ["ab"], ["", "b", "ab", "a"]]
    for order in orders + orders {
      for (position, key) in order.enumerated() {
        let found = rows.find(key, position)
        #expect(found?.first == ["a": 0, "ab": 10, "b": 20, "": 30][key])
      }
      let unknown = rows.find("c", order.count)
      #expect(unknown == nil)
    }
    rows.removeAll()
    let forgotten = rows.find("a", 0)
    #expect(forgotten == nil)
  }

  @Test func thereIsALimit() {
    var rows = SeriesRows()
    for number in 0..<SeriesRows.maximumRows {
      let added = "\(number)".bytes { rows.add($0, first: nil, width: 1, at: number) }
      #expect(added != nil)
    }
    let tooMany = "x".bytes { rows.add($0, first: nil, width: 1, at: SeriesRows.maximumRows) }
    #expect(tooMany == nil)
  }
}

extension SeriesRows {
  fileprivate mutating func find(_ key: String, _ position: Int) -> Row? {
    key.bytes { find($0, at: position) }
  }
}

extension String {
  func bytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    Array(utf8).withUnsafeBytes(body)
  }
}
