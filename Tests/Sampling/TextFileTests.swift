import Glibc
import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct TextFileTests {
  private let clock = TestClock()
  private let tree = TestTree(["proc/loadavg": "1.00 2.00 3.00 1/2 3\n"])
  private let sampler: Sampler

  init() {
    sampler = Sampler(
      root: tree.root, textfileDirectory: tree.path + "/metrics", calls: SamplingFixture.calls
    ) { [clock] in clock.now }
  }

  /// The folder is read, and a second later what was read is shown.
  private func pass(_ table: inout SampleTable) -> [String: Double] {
    clock.advance(seconds: 4)
    let second = clock.now / 5_000_000_000 * 5
    sampler.sample(into: &table, atWall: second * 1_000_000)
    sampler.await(nanoseconds: .max / 4)
    clock.advance(seconds: 1)
    sampler.sample(into: &table, atWall: (second + 1) * 1_000_000)
    let others = ["muster_", "node_load", "node_uname_"]
    return table.shown.filter { shown in !others.contains { shown.key.hasPrefix($0) } }
  }

  /// Without the times of files, which are the machine's.
  private func metrics(_ table: inout SampleTable) -> [String: Double] {
    pass(&table).filter { !$0.key.hasPrefix("node_textfile_") }
  }

  private var error: String? {
    sampler.statuses.first { $0.name == "textfile" }?.availability.error?.description
  }

  @Test func filesAreShownWithTheirTimes() {
    var table = SampleTable()
    tree.write("metrics/a.prom", "# TYPE a_total counter\na_total{x=\"y\"} 3\n")
    tree.write("metrics/b.prom", "b -0.5\n")
    tree.write("metrics/b.prom.tmp", "c 1\n")
    tree.write("metrics/.d.prom", "d 1\n")
    let shown = pass(&table)
    func file(_ name: String) -> String {
      "node_textfile_mtime_seconds{file=\"\(tree.path)/metrics/\(name).prom\"}"
    }
    #expect(
      Set(shown.keys) == ["a_total{x=\"y\"}", "b", "node_textfile_scrape_error", file("a"), file("b")])
    #expect(shown["a_total{x=\"y\"}"] == 3 && shown["b"] == -0.5)
    #expect(shown["node_textfile_scrape_error"] == 0 && error == nil)
    var status = stat()
    stat(tree.path + "/metrics/a.prom", &status)
    #expect(shown[file("a")] == Double(status.st_mtim.tv_sec))
    #expect(table.descriptors.first { $0.name == "a_total" }?.kind == .counter)
  }

  @Test func kindsAndBoundsAreThoseOfPrometheus() {
    var table = SampleTable()
    tree.write(
      "metrics/a.prom",
      """
      # TYPE h histogram
      h_bucket{le="1.0"} 3
      h_bucket{le="+Inf"} 5
      h_sum 7.25
      h_count 5
      # TYPE s summary
      s{quantile="0.50"} 1.5

      """)
    #expect(
      metrics(&table) == [
        "h_bucket{le=\"1\"}": 3, "h_bucket{le=\"+Inf\"}": 5, "h_sum": 7.25, "h_count": 5,
        "s{quantile=\"0.5\"}": 1.5,
      ])
    func kind(_ name: String) -> MetricKind? { table.descriptors.first { $0.name == name }?.kind }
    #expect(kind("h_bucket") == .counter && kind("h_sum") == .counter && kind("s") == .gauge)
  }

  @Test func aFileWithAnErrorShowsNothingAndTheOthersGoOn() {
    var table = SampleTable()
    tree.write("metrics/a.prom", "a 1\n")
    tree.write("metrics/b.prom", "b 1\n")
    #expect(metrics(&table) == ["a": 1, "b": 1])
    tree.write("metrics/a.prom", "a 2\na 3\n")
    var shown = pass(&table)
    #expect(shown["a"] == nil && shown["b"] == 1 && shown["node_textfile_scrape_error"] == 1)
    #expect(shown.of("node_textfile_mtime").count == 1)
    #expect(error == "\(tree.path)/metrics/a.prom:2: a comes twice with the same labels")
    #expect(table.shown["node_load1"] == 1)
    tree.write("metrics/a.prom", "a 3.5\n")
    shown = pass(&table)
    #expect(shown["a"] == 3.5 && shown["node_textfile_scrape_error"] == 0 && error == nil)
  }

  @Test func filesComeAndGo() {
    var table = SampleTable()
    tree.folder("metrics")
    #expect(metrics(&table) == [:])
    tree.write("metrics/a.prom", "x{f=\"a\"} 1\n")
    #expect(metrics(&table) == ["x{f=\"a\"}": 1])
    tree.write("metrics/b.prom", "x{f=\"b\"} 2\n")
    #expect(metrics(&table) == ["x{f=\"a\"}": 1, "x{f=\"b\"}": 2])
    tree.remove("metrics/a.prom")
    #expect(metrics(&table) == ["x{f=\"b\"}": 2])
    tree.write("metrics/a.prom", "x{f=\"a\"} 3\n")
    #expect(metrics(&table) == ["x{f=\"a\"}": 3, "x{f=\"b\"}": 2])
    #expect(table.descriptors.filter { $0.name == "x" }.count == 2)
  }

  /// The same length in the same tick of the clock: nothing about the file says that it is another text.
  @Test func aFileThatChangedIsReadOnceMore() {
    var table = SampleTable()
    let path = tree.path + "/metrics/a.prom"
    tree.write("metrics/a.prom", "a 1\n")
    var status = stat()
    stat(path, &status)
    #expect(metrics(&table) == ["a": 1])
    var times = [status.st_mtim, status.st_mtim]
    tree.write("metrics/a.prom", "a 2\n")
    utimensat(AT_FDCWD, path, &times, 0)
    #expect(metrics(&table) == ["a": 2])
    tree.write("metrics/a.prom", "a 3\n")
    times = [status.st_mtim, status.st_mtim]
    utimensat(AT_FDCWD, path, &times, 0)
    // By now it is settled, and not read again until it looks like another one.
    #expect(metrics(&table) == ["a": 2])
    times[1].tv_sec += 1
    utimensat(AT_FDCWD, path, &times, 0)
    #expect(metrics(&table) == ["a": 3])
  }

  @Test func aSeriesThatIsThereAlreadyIsRefused() {
    var table = SampleTable()
    tree.write("metrics/a.prom", "a 1\nnode_load1 9\n")
    tree.write("metrics/b.prom", "a 2\nb 2\n")
    #expect(metrics(&table) == ["a": 1, "b": 2])
    #expect(table.shown["node_load1"] == 1)
    #expect(table.shown["node_textfile_scrape_error"] == 1)
    #expect(
      error == "\(tree.path)/metrics/a.prom:2: node_load1 is another source's, or was of another type before")
    tree.write("metrics/a.prom", "c 1\n")
    #expect(metrics(&table) == ["a": 2, "b": 2, "c": 1])
    #expect(table.shown["node_textfile_scrape_error"] == 0)
    tree.write("metrics/a.prom", "# TYPE c gauge\nc 1\n")
    #expect(metrics(&table) == ["a": 2, "b": 2])
    #expect(
      error == "\(tree.path)/metrics/a.prom:2: c is another source's, or was of another type before")
  }

  @Test func onlyRegularFilesAndLinksToThemAreRead() {
    var table = SampleTable()
    tree.write("elsewhere", "a 1\n")
    tree.link("metrics/a.prom", to: "../elsewhere")
    tree.write("metrics/z.prom", "z 1\n")
    #expect(metrics(&table) == ["a": 1, "z": 1])
    let fifo = tree.path + "/metrics/b.prom"
    mkfifo(fifo, 0o600)
    #expect(metrics(&table) == ["a": 1, "z": 1])
    #expect(error == "\(fifo): not a regular file")
    unlink(fifo)
    tree.folder("metrics/c.prom")
    #expect(metrics(&table) == ["a": 1, "z": 1])
    #expect(error == "\(tree.path)/metrics/c.prom: not a regular file")
    tree.remove("metrics/c.prom")
    tree.link("metrics/d.prom", to: "/dev/zero")
    #expect(metrics(&table) == ["a": 1, "z": 1])
    #expect(error == "\(tree.path)/metrics/d.prom: not a regular file")
    tree.remove("metrics/d.prom")
    tree.link("metrics/e.prom", to: "nowhere")
    #expect(metrics(&table) == ["a": 1, "z": 1])
    #expect(error == "\(tree.path)/metrics/e.prom: No such file or directory")
    tree.remove("metrics/e.prom")
    #expect(metrics(&table) == ["a": 1, "z": 1])
    #expect(error == nil)
  }

  @Test func limits() {
    var table = SampleTable()
    tree.write("metrics/a.prom", "a 1\n")
    tree.write("metrics/b.prom", "# " + String(repeating: "x", count: TextFile.maximumBytes) + "\n")
    #expect(metrics(&table) == ["a": 1])
    #expect(error == "\(tree.path)/metrics/b.prom: larger than 1048576 bytes")
    let half = TextFileSource.maximumSeries / 2
    func text(_ name: String) -> String { (0..<half).map { "\(name){n=\"\($0)\"} 1\n" }.joined() }
    tree.write("metrics/b.prom", text("b"))
    #expect(metrics(&table).count == half + 1)
    #expect(error == nil)
    // What is gone counts, too, and so do the times of files.
    tree.write("metrics/b.prom", text("c"))
    #expect(metrics(&table).count == half - 2)
    #expect(error?.contains("more than 4096 series since the start") == true)
    for number in 0..<TextFileSource.maximumFiles { tree.write("metrics/f\(number).prom", "") }
    #expect(metrics(&table) == [:])
    #expect(error?.contains("more than 256 files") == true)
  }

  @Test func aFolderThatIsNotThereIsAnErrorAndNoFolderIsOff() {
    var table = SampleTable()
    #expect(pass(&table) == ["node_textfile_scrape_error": 1])
    #expect(error == "\(tree.path)/metrics: No such file or directory")
    tree.write("metrics/a.prom", "a 1\n")
    #expect(metrics(&table) == ["a": 1])
    sampler.apply(SamplingSettings(), to: &table)
    #expect(pass(&table) == [:])
    #expect(error == "textfile_directory is not set")
    #expect(table.shown[#"muster_collector_source_up{source="textfile"}"#] == nil)
    tree.write("others/b.prom", "b 1\n")
    sampler.apply(SamplingSettings(textfileDirectory: tree.path + "/others"), to: &table)
    #expect(metrics(&table) == ["b": 1])
    sampler.apply(SamplingSettings(textfileDirectory: tree.path + "/metrics"), to: &table)
    #expect(metrics(&table) == ["a": 1])
  }

  @Test func startingOverGivesTheSame() {
    var table = SampleTable()
    tree.write("metrics/a.prom", "a 1\nb{x=\"1\"} 2\n")
    let before = pass(&table)
    table.removeAll()
    sampler.forgetSeries()
    #expect(pass(&table) == before)
  }
}
