import GRPC
import Records
import Steering
import Testing
import Wire

@testable import Aggregator

@Suite struct SteeringCommitTests {
  private var queue = CommitQueue<String>()

  private func layer(_ name: String, _ version: UInt64) -> RecordsChange {
    .steering(.layer(StoredLayer(selector: name, current: version)))
  }

  private func host(_ id: String, _ version: UInt64 = 0) -> RecordsChange {
    .steering(.hostConfig(StoredHostConfig(hostID: id, version: version)))
  }

  private func at(_ seconds: Double) -> Instant { Moment.at(seconds).instant }

  @Test mutating func whatComesDuringATransactionMakesUpTheNext() {
    queue.append([layer("", 1)], then: ["a"])
    #expect(queue.begin(at: at(0)) == [layer("", 1)])
    queue.append([layer("", 2)], then: ["b"])
    queue.append([], then: ["c"])
    queue.append([layer("", 3)], then: ["d"])
    #expect(queue.begin(at: at(0)) == nil)
    #expect(queue.takeUnconditional() == [])
    #expect(queue.succeeded() == ["a"])
    #expect(queue.begin(at: at(0)) == [layer("", 2), layer("", 3)])
    #expect(queue.count == 2)
    #expect(queue.succeeded() == ["b", "c", "d"])
    #expect(queue.isIdle)
  }

  @Test mutating func nothingToWriteWaitsForNothing() {
    queue.append([], then: ["a", "b"])
    #expect(queue.begin(at: at(0)) == nil)
    #expect(queue.takeUnconditional() == ["a", "b"])
    #expect(queue.takeUnconditional() == [])
  }

  @Test mutating func aFailureKeepsTheOrderAndIsTriedAgainASecondLater() {
    queue.append([layer("", 1)], then: ["a"])
    _ = queue.begin(at: at(0))
    queue.append([layer("", 2)], then: ["b"])
    queue.failed("disk full", at: at(0))
    #expect(queue.failure == "disk full")
    #expect(queue.takeUnconditional() == [])
    #expect(queue.begin(at: at(0.999)) == nil)
    #expect(queue.begin(at: at(1)) == [layer("", 1), layer("", 2)])
    #expect(queue.retryAt == nil, "nothing is to be done before this attempt is over")
    #expect(queue.failure == "disk full")
    #expect(queue.succeeded() == ["a", "b"])
    #expect(queue.failure == nil)
    #expect(queue.retryAt == nil)
  }

  @Test mutating func thoseWhoCannotWaitAreTakenOut() {
    queue.append([layer("", 1)], then: ["answer 1", "offer"])
    _ = queue.begin(at: at(0))
    queue.failed("disk full", at: at(0))
    #expect(queue.takeFollowUps { $0.hasPrefix("answer") } == ["answer 1"])
    _ = queue.begin(at: at(1))
    #expect(queue.succeeded() == ["offer"])
  }

  @Test func onlyTheLastOfALeafIsKeptAndTheFirstOfARoot() {
    let document = RecordsChange.steering(.document(ConfigDocument(version: 2)))
    let changes = [
      layer("", 1), host("a", 1), host("b"), document, layer("", 2), host("a", 2), layer("x", 1),
      layer("", 3),
    ]
    #expect(
      changes.withoutReplaced()
        == [layer("", 1), host("b"), document, host("a", 2), layer("x", 1), layer("", 3)])
  }

  /// A disk that fails for an hour does not fill the memory.
  @Test mutating func whatWaitsIsBoundedByWhatThereIs() {
    for round in 0..<3000 {
      queue.append((0..<100).map { host("\($0)", UInt64(round)) }, then: [])
    }
    #expect(queue.count <= CommitQueue<String>.compactionLimit + 100)
    let last = queue.begin(at: at(0))?.suffix(100)
    #expect(last.map(Array.init) == (0..<100).map { host("\($0)", 2999) })
  }
}
