import GRPC
import TimeSeries
import Wire

@testable import Aggregator

/// Looks over the shoulder of one aggregator's memory: what was delivered to it, frame by frame, what must have come
/// of it, and whether it has.
final class IngestWatch {
  /// A frame that was stored.
  struct Entry {
    var epoch: UInt64
    var sequence: UInt64
  }

  /// What an aggregator must know of one host.
  struct Account {
    /// Stored, in order.
    var entries: [Entry] = []
    var duplicates: UInt64 = 0
    var missing: UInt64 = 0
    /// Brought by a connection whose place another one had taken.
    var refused: UInt64 = 0
    /// By epoch.
    var highest: [UInt64: UInt64] = [:]
  }

  private let truth: Truth
  private let journal: Journal
  private(set) var accounts: [Account]
  private var mappings: [SeriesMapping]

  init(_ truth: Truth, _ journal: Journal) {
    self.truth = truth
    self.journal = journal
    accounts = Array(repeating: Account(), count: truth.hosts.count)
    mappings = Array(repeating: SeriesMapping(), count: truth.hosts.count)
  }

  /// A frame is handed to the aggregator. True: it must be stored.
  func delivered(_ sequence: UInt64, _ epoch: UInt64, of host: Int) -> Bool {
    let highest = accounts[host].highest[epoch]
    guard sequence > highest ?? 0 else {
      accounts[host].duplicates += 1
      journal.write("host \(host) frame \(epoch)/\(sequence) again")
      return false
    }
    // An epoch that begins under the aggregator's eyes begins with 1.
    let isUnknown = accounts[host].entries.isEmpty || accounts[host].highest.keys.contains { $0 > epoch }
    accounts[host].missing += highest == nil && isUnknown ? 0 : sequence - (highest ?? 0) - 1
    accounts[host].highest[epoch] = sequence
    accounts[host].entries.append(Entry(epoch: epoch, sequence: sequence))
    truth.stored(sequence, epoch, of: host)
    journal.write("host \(host) frame \(epoch)/\(sequence)")
    return true
  }

  /// A frame of a connection that another one has superseded.
  func refused(_ sequence: UInt64, _ epoch: UInt64, of host: Int) {
    accounts[host].refused += 1
    journal.write("host \(host) frame \(epoch)/\(sequence) refused")
  }

  /// The aggregator has dealt with the frame: its books, and the newest values.
  func check(_ fleet: Fleet, _ host: Int, wasStored: Bool) {
    guard let record = fleet.host(id: Truth.hostID(host)) else {
      return journal.fail("host \(host) is unknown")
    }
    record.withRecord { record in
      let account = accounts[host]
      let name = account.entries.last.map { "\($0.epoch)/\($0.sequence)" } ?? "none"
      journal.expect(
        record.frames.fresh == account.entries.count && record.frames.duplicates == account.duplicates
          && record.frames.missing == account.missing,
        "host \(host) after \(name): \(record.frames), not \(account.entries.count) fresh, "
          + "\(account.duplicates) duplicates, \(account.missing) missing")
      journal.expect(record.store.nextOrdinal == account.entries.count, "host \(host): frames stored \(name)")
      guard wasStored, let entry = account.entries.last else { return }
      mappings[host].update(record.series, truth.epoch(entry.epoch, of: host), entry)
      compare(host, entry, record.store.newestTime ?? 0) { record.store.latest($0) }
    }
  }

  /// All frames the aggregator holds, against all that it must hold: each once, in order, as sampled. Where it keeps
  /// them for a time only, the newest.
  func checkAll(_ fleet: Fleet) {
    for host in accounts.indices where !accounts[host].entries.isEmpty {
      fleet.host(id: Truth.hostID(host))?.withRecord { record in
        let entries = accounts[host].entries
        let first = record.store.oldestOrdinal
        var cursor = HotCursor(indexes: Array(0..<record.series.count), nextOrdinal: first)
        var read = first
        record.store.advance(&cursor) { frame in
          guard frame.ordinal == read, read < entries.count else {
            return journal.fail("host \(host): order")
          }
          let entry = entries[read]
          mappings[host].update(record.series, truth.epoch(entry.epoch, of: host), entry)
          let values = frame.values
          let present = frame.present
          compare(host, entry, frame.timeMicroseconds) { present[$0] ? values[$0] : nil }
          read += 1
        }
        journal.expect(read == entries.count, "host \(host): \(read) frames held of \(entries.count)")
      }
    }
  }

  private func compare(_ host: Int, _ entry: Entry, _ time: Int64, _ value: (Int) -> Int64?) {
    let name = "host \(host) frame \(entry.epoch)/\(entry.sequence)"
    guard let sample = truth.sample(entry.sequence, entry.epoch, of: host) else {
      return journal.fail("\(name) was never sampled")
    }
    journal.expect(time == sample.wallMicroseconds, "\(name) of \(sample.wallMicroseconds) has time \(time)")
    var seen = 0
    for (index, position) in mappings[host].positions.enumerated() {
      var expected: Int64?
      if let position, position < sample.present.count, sample.present[position] {
        expected = sample.values[position]
        seen += 1
      }
      if value(index) != expected {
        journal.fail("\(name) series \(index): \(value(index) ?? -1) where \(expected ?? -1) was sampled")
      }
    }
    let present = sample.present.count { $0 }
    journal.expect(seen == present, "\(name): \(present) series sampled, \(seen) known")
  }
}

/// Which of a collector's series stands behind an index of the aggregator's.
struct SeriesMapping {
  /// By the aggregator's index; nil: the epoch does not have it.
  private(set) var positions: [Int?] = []
  private var asOf: [UInt64] = []

  mutating func update(_ series: SeriesTable, _ truth: Truth.Epoch?, _ entry: IngestWatch.Entry) {
    let dictionary = truth?.samples[Int(entry.sequence) - 1].dictionary ?? 0
    let descriptors = truth?.dictionaries[dictionary] ?? []
    let now = [entry.epoch, UInt64(dictionary), UInt64(descriptors.count), UInt64(series.count)]
    let asOf = now + [UInt64(series.seriesCount), UInt64(series.revision)]
    guard asOf != self.asOf else { return }
    self.asOf = asOf
    var known: [SeriesDescriptor: Int] = [:]
    for (position, descriptor) in descriptors.enumerated() { known[descriptor] = position }
    positions = (0..<series.count).map { index in
      series.shared(at: index).flatMap { known[$0.descriptor] }
    }
  }
}

/// A Push call with a witness: sees each frame before the aggregator does, and what came of it after.
final class WatchedPush: ServerCallHandler {
  private let push: PushCall
  private let fleet: Fleet
  private let watch: IngestWatch
  private let journal: Journal
  private let decoder = FrameDecoder()

  init(_ push: PushCall, _ fleet: Fleet, _ watch: IngestWatch, _ journal: Journal) {
    self.push = push
    self.fleet = fleet
    self.watch = watch
    self.journal = journal
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    guard let sequence = try? decoder.decode(message, { $0.sequence }), let opening = decoder.opening,
      let host = Truth.host(opening.hostID)
    else { return journal.fail("a frame that cannot be read") }
    // What a connection still brings whose place another one has taken is refused; the other one brings it, too.
    if (call.connection.attachment as? Conversation)?.refusal != nil {
      watch.refused(sequence, opening.epoch, of: host)
      return push.receive(message, on: call)
    }
    let isFresh = watch.delivered(sequence, opening.epoch, of: host)
    push.receive(message, on: call)
    journal.expect(fleet.counters.streamsRefused.value == 0, "a frame of host \(host) was refused")
    watch.check(fleet, host, wasStored: isFresh)
  }

  func halfClosed(on call: ServerCall) { push.halfClosed(on: call) }
  func writable(on call: ServerCall) { push.writable(on: call) }
  func ended(on call: ServerCall, _ reason: CallEnd) { push.ended(on: call, reason) }
}
