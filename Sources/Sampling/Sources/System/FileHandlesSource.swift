import ProcFS
import Wire

/// `/proc/sys/fs/file-nr`: `node_filefd_allocated`, `node_filefd_maximum`.
struct FileHandlesSource: Source {
  private let file: KernelFile
  private var handles = FileHandles()
  private var series = FixedSeries(metrics)

  static let metrics = [
    Metric.gauge("node_filefd_allocated", "Files that are open, over all processes."),
    Metric.gauge("node_filefd_maximum", "How many files may be open, over all processes."),
  ]

  init(root: ProcRoot) {
    file = KernelFile(FileHandles.path, of: root, shape: .record)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try handles.parse(try file.read(into: &buffer))
    guard let first = series.first(in: &table) else { return }
    table.set(first, handles.allocated)
    table.set(first + 1, handles.maximum)
  }

  mutating func forgetSeries() {
    series.forget()
  }
}
