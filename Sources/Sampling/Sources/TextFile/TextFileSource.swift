import GRPC
import ProcFS
import Wire

/// People's own metrics: every file `*.prom` of a folder, in the text format of Prometheus.
///
/// Each file is understood wholly before a value of it is shown; one that is not shows nothing, and the
/// others go on. Then `node_textfile_scrape_error` is 1, and the source is failing, with the first error that
/// there is. A file is read only when it changed. One that is replaced while it is read, by renaming another
/// over it, is the old one or the new one; one that is written where it lies may be caught half written, and
/// mostly is an error then.
///
/// A series that another source or an earlier file has is refused, and counts as an error.
///
/// The folder may lie on a file system that does not answer; so it is read in the background.
struct TextFileSource: Source {
  /// In the catalogue.
  static let name = "textfile"
  /// Files beyond these are an error.
  static let maximumFiles = 256
  /// Series of all files, those counted that are gone: a table forgets none, and the other sources need
  /// theirs.
  static let maximumSeries = 4096

  private static let modified = Metric.gauge(
    "node_textfile_mtime_seconds", "When a file was written that was read without errors: Unix time.",
    labels: ["file"])
  private static let scrapeError = Metric.gauge(
    "node_textfile_scrape_error", "Whether a file could not be read, or not be understood: 1 or 0.")

  static let metrics = [
    modified, scrapeError,
    Metric.untyped(
      "<metric>", "What the files say, with the labels and types that they say. Help texts are not kept."),
  ]

  /// Where the files are; empty: nowhere. Not below the root: it is this program's setting, not the host's.
  private let directory: String

  private var files: [TextFile] = []
  private var shown: [(id: Int, raw: Int64)] = []
  /// What files say but may not, as of the last arrangement.
  private var refusal: KernelError?
  /// Ids of every series there ever was; nil if the table refused it.
  private var ids: [SeriesDescriptor: Int?] = [:]
  private var scrapeError = FixedSeries([TextFileSource.scrapeError])

  init(directory: String) {
    self.directory = directory
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    guard !directory.isEmpty else { throw .unset(setting: "textfile_directory") }
    var failure: KernelError?
    do throws(KernelError) {
      if try refresh() { arrange(in: &table) }
      failure = files.lazy.compactMap(\.error).first ?? refusal
    } catch {
      forgetFiles()
      failure = error.asFailure
    }
    for (id, raw) in shown { table.set(id, raw) }
    setScrapeError(failure == nil ? 0 : 1, in: &table)
    if let failure { throw failure }
  }

  mutating func wasRefused(_ series: [SeriesDescriptor], in table: inout SampleTable) -> KernelError? {
    setScrapeError(1, in: &table)
    if let failure = files.lazy.compactMap(\.error).first { return failure }
    let refused = Set(series)
    for file in files {
      if let lost = Self.said(by: file).first(where: { refused.contains($0.series) }) {
        return Self.failure(SeriesRefusal(takenBefore: lost.series), file, line: lost.line)
      }
    }
    return nil
  }

  private mutating func setScrapeError(_ value: Int64, in table: inout SampleTable) {
    if let id = scrapeError.first(in: &table) { table.set(id, value) }
  }

  mutating func forgetSeries() {
    forgetFiles()
    ids.removeAll()
    scrapeError.forget()
  }

  private mutating func forgetFiles() {
    files.removeAll()
    shown.removeAll()
    refusal = nil
  }

  /// Looks which files there are, and reads those that changed. True if there is anything new.
  private mutating func refresh() throws(KernelError) -> Bool {
    let root = ProcRoot(path: directory)
    let everything = try FolderNames.list(directory, of: ProcRoot())
    let names = everything.filter { $0.hasSuffix(".prom") }
    guard names.count <= Self.maximumFiles, everything.count < FolderNames.maximumNames else {
      throw .malformed(
        file: directory, line: 0,
        reason: "more than \(Self.maximumFiles) files *.prom, or \(FolderNames.maximumNames) of any name")
    }
    let paths = names.map { root.path(of: $0) }
    var isNew = paths != files.map(\.path)
    if isNew {
      // Two names may be the same once what is not UTF-8 in them is repaired.
      let known = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
      files = paths.map { known[$0] ?? TextFile(path: $0) }
    }
    for index in files.indices where files[index].refresh() { isNew = true }
    return isNew
  }

  /// Finds the series of everything that the files say.
  private mutating func arrange(in table: inout SampleTable) {
    shown.removeAll(keepingCapacity: true)
    refusal = nil
    var taken: Set<Int> = []
    for file in files {
      for (series, raw, line) in Self.said(by: file) {
        do throws(SeriesRefusal) {
          let id = try self.id(of: series, in: &table)
          guard taken.insert(id).inserted else {
            throw SeriesRefusal("\(series.name) is in an earlier file, too")
          }
          shown.append((id, raw))
        } catch {
          refusal = refusal ?? Self.failure(error, file, line: line)
        }
      }
    }
  }

  /// The file's time, and what is in it.
  private static func said(by file: TextFile) -> [(series: SeriesDescriptor, raw: Int64, line: Int)] {
    let time = file.modifiedSeconds.map { (modified.series(file.path), Int64($0), 0) }
    return [time].compactMap(\.self)
      + file.samples.map { ($0.series, Int64(bitPattern: $0.value.bitPattern), $0.line) }
  }

  private static func failure(_ refusal: SeriesRefusal, _ file: TextFile, line: Int) -> KernelError {
    .malformed(file: file.path, line: line, reason: refusal.reason)
  }

  private mutating func id(
    of series: SeriesDescriptor, in table: inout SampleTable
  ) throws(SeriesRefusal) -> Int {
    if ids[series] == nil {
      do { try series.validate() } catch { throw SeriesRefusal(error.message) }
      guard ids.count < Self.maximumSeries else {
        throw SeriesRefusal(
          "more than \(Self.maximumSeries) series since the start, those counted that are gone")
      }
      ids.updateValue(table.register(series), forKey: series)
    }
    guard let id = ids[series] ?? nil else { throw SeriesRefusal(takenBefore: series) }
    return id
  }
}

/// Why a series of a file is not shown.
private struct SeriesRefusal: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  init(takenBefore series: SeriesDescriptor) {
    self.init("\(series.name) is another source's, or was of another type before")
  }
}

extension MetricsText.Sample {
  /// The series, of doubles; the bound of a bucket or a quantile is written as Prometheus' libraries do.
  fileprivate var series: SeriesDescriptor {
    var labels = labels.map { Label($0.name, $0.value) }
    switch part {
    case .bucket(let bound): labels.append(Label("le", GoFloat.text(of: bound)))
    case .quantile(let share): labels.append(Label("quantile", GoFloat.text(of: share)))
    case .value, .sum, .count: break
    }
    return SeriesDescriptor(name, labels: labels, kind: seriesKind, type: .double)
  }

  private var seriesKind: MetricKind {
    switch part {
    case .bucket, .sum, .count: .counter
    case .quantile: .gauge
    case .value: kind == .counter ? .counter : kind == .gauge ? .gauge : .untyped
    }
  }
}
