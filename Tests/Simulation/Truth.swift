import Wire

/// What was really sampled, by whom, and what became of it. The one side of every comparison.
final class Truth {
  struct Sample {
    var wallMicroseconds: Int64
    var values: [Int64]
    var present: [Bool]
    /// Which of the epoch's dictionaries.
    var dictionary = 0
  }

  /// What a frame's fate was. A frame that never left its collector's ring has none.
  struct Fate {
    /// How many aggregators stored it; one that remembers what the one before it knew is the same.
    var stored = 0
    var dropped = false
  }

  /// One start of a collector.
  struct Epoch {
    /// The first, and one for each compaction.
    var dictionaries: [[SeriesDescriptor]] = [[]]
    /// By sequence, from 1.
    var samples: [Sample] = []
    var fates: [Fate] = []
  }

  /// By host, then by epoch, from 1.
  private(set) var hosts: [[Epoch]]

  init(hosts: Int) { self.hosts = Array(repeating: [], count: hosts) }

  static func hostID(_ host: Int) -> String {
    String(repeating: "0", count: 31) + String(host, radix: 16)
  }

  static func host(_ hostID: String) -> Int? { Int(hostID, radix: 16) }

  /// A collector starts; its epoch.
  func begin(host: Int) -> UInt64 {
    hosts[host].append(Epoch())
    return UInt64(hosts[host].count)
  }

  func add(
    _ sample: Sample, _ descriptors: [SeriesDescriptor], beginsDictionary: Bool, host: Int
  ) {
    let epoch = hosts[host].count - 1
    if beginsDictionary { hosts[host][epoch].dictionaries.append([]) }
    let dictionary = hosts[host][epoch].dictionaries.count - 1
    hosts[host][epoch].dictionaries[dictionary] = descriptors
    hosts[host][epoch].samples.append(sample)
    hosts[host][epoch].samples[hosts[host][epoch].samples.count - 1].dictionary = dictionary
    hosts[host][epoch].fates.append(Fate())
  }

  func epoch(_ epoch: UInt64, of host: Int) -> Epoch? {
    epoch >= 1 && epoch <= hosts[host].count ? hosts[host][Int(epoch) - 1] : nil
  }

  func sample(_ sequence: UInt64, _ epoch: UInt64, of host: Int) -> Sample? {
    guard let epoch = self.epoch(epoch, of: host), sequence >= 1, sequence <= epoch.samples.count else {
      return nil
    }
    return epoch.samples[Int(sequence) - 1]
  }

  func stored(_ sequence: UInt64, _ epoch: UInt64, of host: Int) {
    hosts[host][Int(epoch) - 1].fates[Int(sequence) - 1].stored += 1
  }

  func dropped(_ sequences: Range<UInt64>, host: Int) {
    for sequence in sequences {
      hosts[host][hosts[host].count - 1].fates[Int(sequence) - 1].dropped = true
    }
  }

  /// How often the newest epoch's frame was stored.
  func storings(_ sequence: UInt64, host: Int) -> Int {
    hosts[host].last?.fates[Int(sequence) - 1].stored ?? 0
  }
}
