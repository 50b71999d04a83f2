import ProcFS
import Wire

/// Files with one number each that belong together, each a series without labels. One that is not there is absent;
/// when none is, the kernel does not offer the source.
struct NumberFilesSource: Source {
  private let files: [KernelFile]
  private let names: [String]
  private var numbers: [Int64?]
  private var series: [FixedSeries]

  /// Files, relative to the root, and what shows them.
  init(root: ProcRoot, _ files: [(path: String, metric: Metric)]) {
    names = files.map(\.path)
    self.files = files.map { KernelFile($0.path, of: root, shape: .record, isKept: false) }
    series = files.map { FixedSeries([$0.metric]) }
    numbers = files.map { _ in nil }
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    var missing: KernelError?
    for index in files.indices {
      do {
        numbers[index] = try number(index, reading: &buffer)
      } catch .unsupported(let path, let code) {
        numbers[index] = nil
        missing = missing ?? .unsupported(path: path, errno: code)
      }
    }
    if let missing, numbers.allSatisfy({ $0 == nil }) { throw missing }
    for index in files.indices {
      guard let number = numbers[index], let id = series[index].first(in: &table) else { continue }
      table.set(id, number)
    }
  }

  mutating func forgetSeries() {
    for index in series.indices { series[index].forget() }
  }

  private func number(_ index: Int, reading buffer: inout ReadBuffer) throws(KernelError) -> Int64 {
    guard let number = AttributeText.integer(try files[index].read(into: &buffer)) else {
      throw .malformed(file: names[index], line: 1, reason: "a number is expected")
    }
    return number
  }
}

extension NumberFilesSource {
  /// How much randomness the kernel has. Since Linux 5.18 it always is the whole pool, once it is ready.
  static let entropy: [(path: String, metric: Metric)] = [
    (
      "proc/sys/kernel/random/entropy_avail",
      .gauge("node_entropy_available_bits", "Randomness that the kernel has gathered.")
    ),
    ("proc/sys/kernel/random/poolsize", .gauge("node_entropy_pool_size_bits", "Randomness that fits.")),
  ]

  /// Kernel samepage merging. See the kernel's Documentation/admin-guide/mm/ksm.rst.
  static let samepageMerging: [(path: String, metric: Metric)] = [
    ksm("full_scans", .counter("node_ksmd_full_scans_total", "How often all memory was looked through.")),
    ksm("merge_across_nodes", .gauge("node_ksmd_merge_across_nodes", "Whether memory nodes share pages.")),
    ksm("pages_shared", .gauge("node_ksmd_pages_shared", "Pages that stand for several.")),
    ksm("pages_sharing", .gauge("node_ksmd_pages_sharing", "Pages saved.")),
    ksm("pages_to_scan", .gauge("node_ksmd_pages_to_scan", "Pages to look at before sleeping.")),
    ksm("pages_unshared", .gauge("node_ksmd_pages_unshared", "Pages looked at again and again in vain.")),
    ksm("pages_volatile", .gauge("node_ksmd_pages_volatile", "Pages that change too fast to be looked at.")),
    ksm("run", .gauge("node_ksmd_run", "0: stopped, 1: at work, 2: stopped, and all pages taken apart.")),
    ksm("sleep_millisecs", .gauge("node_ksmd_sleep_seconds", "Time to sleep between looks.", divisor: 1000)),
    ksm("pages_scanned", .counter("node_ksmd_pages_scanned_total", "Pages looked at.")),
    ksm("pages_skipped", .counter("node_ksmd_pages_skipped_total", "Pages passed over by the smart scan.")),
    ksm("ksm_zero_pages", .gauge("node_ksmd_zero_pages", "Pages of zeros that the kernel's one stands for.")),
    ksm(
      "general_profit", .gauge("node_ksmd_general_profit_bytes", "Memory saved, less what saving it takes.")),
  ]

  private static func ksm(_ file: String, _ metric: Metric) -> (path: String, metric: Metric) {
    ("sys/kernel/mm/ksm/" + file, metric)
  }
}
