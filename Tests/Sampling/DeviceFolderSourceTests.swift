import Glibc
import ProcFS
import Testing

@testable import Sampling

/// Devices that are folders of small files.
@Suite struct DeviceFolderSourceTests {
  private typealias Attribute = DeviceFolderSource.Attribute

  private let tree = TestTree()
  private let clock = TestClock()
  private let folder = "sys/class/things"
  private static let temperature = Metric.gauge(
    "thing_celsius", "Heat.", labels: ["thing", "type"], divisor: 1000)
  private static let state = Metric.gauge("thing_on", "Whether it is on.", labels: ["thing"])
  private static let info = Metric.gauge("thing_info", "Facts.", labels: ["thing", "owner"])

  private func trial(maximumSeries: Int = 1000) -> SourceTrial {
    let info = Attribute.info(Self.info, [.made { $0.uppercased() }, .file("owner")])
    let source = DeviceFolderSource(
      root: tree.root, folder: folder, isDevice: { $0.hasPrefix("thing") },
      attributes: [
        .number("temp", Self.temperature, [.name, .file("type")]),
        .word("state", Self.state) { ["on": 1, "off": 0][$0] },
        info,
      ])
    return SourceTrial(source, clock: clock, maximumSeries: maximumSeries)
  }

  private func write(_ device: String, _ files: [String: String]) {
    for (name, text) in files { tree.write("\(folder)/\(device)/\(name)", text + "\n") }
  }

  private func remove(_ device: String, _ files: [String]) {
    for name in files + [""] { tree.remove("\(folder)/\(device)/\(name)") }
  }

  private func nextListing() {
    clock.advance(seconds: Double(DeviceFolderSource.listingNanoseconds) / 1e9)
  }

  @Test func noFolderIsNotOffered() {
    let trial = trial()
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    tree.folder(folder)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "ok")
  }

  @Test func eachFileThatIsThereIsASeries() {
    write("thing0", ["temp": "-1500", "type": "cpu", "state": "on", "owner": "me"])
    write("thing1", ["temp": "0x10"])
    write("other", ["temp": "5"])
    #expect(
      trial().sample() == [
        #"thing_celsius{thing="thing0",type="cpu"}"#: -1.5, #"thing_on{thing="thing0"}"#: 1,
        #"thing_info{thing="THING0",owner="me"}"#: 1, #"thing_celsius{thing="thing1",type=""}"#: 0.016,
        #"thing_info{thing="THING1",owner=""}"#: 1,
      ])
  }

  @Test func devicesComeAndGoWithAListing() {
    write("thing0", ["state": "on"])
    let trial = trial()
    func on() -> [String] { trial.sample().of("thing_on").keys.sorted() }
    #expect(on() == [#"thing_on{thing="thing0"}"#])
    write("thing1", ["state": "off"])
    #expect(on() == [#"thing_on{thing="thing0"}"#])
    nextListing()
    #expect(on() == [#"thing_on{thing="thing0"}"#, #"thing_on{thing="thing1"}"#])
    remove("thing0", ["state"])
    #expect(on() == [#"thing_on{thing="thing1"}"#])
    nextListing()
    #expect(on() == [#"thing_on{thing="thing1"}"#])
    let count = trial.table.count
    write("thing0", ["state": "on"])
    nextListing()
    #expect(on().count == 2)
    #expect(trial.table.count == count)
  }

  @Test func aDeviceThatIsBackHasTheLabelsOfNow() {
    write("thing0", ["temp": "1000", "type": "cpu"])
    let trial = trial()
    #expect(trial.sample()[#"thing_celsius{thing="thing0",type="cpu"}"#] == 1)
    remove("thing0", ["temp", "type"])
    nextListing()
    #expect(trial.sample().isEmpty)
    write("thing0", ["temp": "2000", "type": "disk"])
    nextListing()
    #expect(trial.sample().of("thing_celsius") == [#"thing_celsius{thing="thing0",type="disk"}"#: 2])
  }

  @Test func aDeviceThatWasAwayBetweenTwoListingsOnlyHasTheLabelsOfNow() {
    write("thing0", ["temp": "1000", "type": "cpu"])
    let trial = trial()
    trial.sample()
    // Made while the other one is there: it has another inode.
    write("new", ["temp": "2000", "type": "disk"])
    remove("thing0", ["temp", "type"])
    #expect(rename(tree.path + "/\(folder)/new", tree.path + "/\(folder)/thing0") == 0)
    nextListing()
    #expect(trial.sample().of("thing_celsius") == [#"thing_celsius{thing="thing0",type="disk"}"#: 2])
    remove("thing0", ["temp", "type"])
  }

  @Test func factsAreReadWithEachListing() {
    write("thing0", ["owner": "me"])
    let trial = trial()
    trial.sample()
    write("thing0", ["owner": "you"])
    #expect(trial.sample() == [#"thing_info{thing="THING0",owner="me"}"#: 1])
    nextListing()
    #expect(trial.sample() == [#"thing_info{thing="THING0",owner="you"}"#: 1])
  }

  @Test func aLabelThatTheTableRefusesIsAskedForOnce() {
    write("thing0", ["owner": "me"])
    let trial = trial(maximumSeries: 1)
    #expect(trial.sample().count == 1)
    write("thing0", ["owner": "you"])
    for _ in 0..<3 {
      nextListing()
      #expect(trial.sample().isEmpty)
    }
    #expect(trial.table.refused == 1)
  }

  @Test func aFileThatVanishesOrSaysNothingIsAbsentAlone() {
    write("thing0", ["temp": "1000", "state": "on"])
    let trial = trial()
    #expect(trial.sample().count == 3)
    write("thing0", ["state": "half"])
    #expect(trial.sample().of("thing_on").isEmpty)
    #expect(trial.sample().of("thing_celsius").count == 1)
    write("thing0", ["temp": "99999999999999999999", "state": "on"])
    #expect(trial.sample().of("thing_celsius").values.first == Double(Int64.max) / 1000)
    tree.remove("\(folder)/thing0/temp")
    #expect(trial.sample().of("thing_celsius").isEmpty)
    #expect(trial.availability == "ok")
    tree.remove("\(folder)/thing0/state")
    trial.sample()
    #expect(trial.availability == "unsupported")
  }

  /// A file that nobody may read, not even root: the kernel only lets it be written.
  private static let unreadable = "/sys/bus/platform/drivers_probe"

  @Test(.enabled(if: access(unreadable, F_OK) == 0))
  func whatMayNotBeReadIsDeniedWhenNothingElseIsThere() {
    tree.link("\(folder)/thing0/temp", to: Self.unreadable)
    write("thing0", ["state": "on"])
    let trial = trial()
    #expect(trial.sample().of("thing_celsius").isEmpty)
    #expect(trial.sample().of("thing_on").count == 1)
    #expect(trial.availability == "ok")
    tree.remove("\(folder)/thing0/state")
    #expect(trial.sample().of("thing_on").isEmpty)
    #expect(trial.availability == "denied")
    tree.remove("\(folder)/thing0/temp")
    write("thing0", ["temp": "1000"])
    #expect(trial.sample().of("thing_celsius").values.first == 1)
    #expect(trial.availability == "ok")
  }
}
