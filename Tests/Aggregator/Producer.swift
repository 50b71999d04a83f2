import GRPC
import TimeSeries
import Wire

@testable import Aggregator

/// A collector reduced to what it says: series with values, and packed frames of them.
struct Producer {
  static let hostID = String(repeating: "a", count: 32)

  var hostID = Producer.hostID
  var bootID = "boot-1"
  var epoch: UInt64 = 1
  var instance = "web-1"
  var labels: [Label] = []
  var interval = Duration.seconds(1)
  var machineSHA256: [UInt8] = []
  var capabilities = CommandKind.allCases.map(\.rawValue)
  var forbiddenCommands: [String] = []
  var rekeyedFrom = ""
  /// What its frames are taken under; empty: the local file.
  var config: [UInt8] = []
  /// What its next frame lists.
  var processes: ProcessList?
  var sequence: UInt64 = 0
  var wallMicroseconds: Int64 = 1_700_000_000_000_000
  var monotonicMicroseconds: UInt64 = 50_000_000

  private(set) var descriptors: [SeriesDescriptor] = []
  private var values: [Int64] = []
  private var present: [Bool] = []
  private var encoder = FrameEncoder()
  private var isOpened = false

  init(_ series: [SeriesDescriptor] = []) {
    for descriptor in series { add(descriptor) }
  }

  mutating func add(_ series: SeriesDescriptor, _ raw: Int64 = 0) {
    descriptors.append(series)
    values.append(raw)
    present.append(true)
  }

  mutating func add(_ names: String...) {
    for name in names { add(SeriesDescriptor(name, kind: .gauge)) }
  }

  mutating func set(_ name: String, _ raw: Int64) {
    for index in descriptors.indices where descriptors[index].name == name { set(index, raw) }
  }

  mutating func set(_ index: Int, _ raw: Int64) {
    values[index] = raw
    present[index] = true
  }

  mutating func remove(_ name: String) {
    for index in descriptors.indices where descriptors[index].name == name { present[index] = false }
  }

  /// Forgets the series that are not there, as a collector does: the next frames go onto a new stream.
  mutating func compact() {
    let live = descriptors.indices.filter { present[$0] }
    (descriptors, values) = (live.map { descriptors[$0] }, live.map { values[$0] })
    present = live.map { _ in true }
    reconnect()
  }

  /// The next frames go onto a new stream.
  mutating func reconnect() {
    encoder = FrameEncoder()
    isOpened = false
  }

  /// The collector starts anew.
  mutating func restart() {
    reconnect()
    epoch += 1
    sequence = 0
  }

  /// The next frame, an interval after the last. `again`: with a sequence that was used before; `skipping`: so many
  /// sequences are left out.
  mutating func frame(again: UInt64? = nil, skipping: UInt64 = 0) -> [UInt8] {
    sequence = again ?? sequence + 1 + skipping
    wallMicroseconds += interval.saturatedMicroseconds
    monotonicMicroseconds += UInt64(interval.saturatedMicroseconds)
    let opening = isOpened ? nil : self.opening
    isOpened = true
    var bytes: [UInt8] = []
    values.withUnsafeBufferPointer { values in
      present.withUnsafeBufferPointer { present in
        _ = encoder.encode(
          sequence: sequence, wallTimeMicroseconds: wallMicroseconds,
          monotonicMicroseconds: monotonicMicroseconds,
          descriptors: descriptors, values: values, present: present, config: config,
          processes: processes, opening: opening, into: &bytes)
      }
    }
    processes = nil
    return bytes
  }

  var opening: StreamOpening {
    StreamOpening(hostID: hostID, bootID: bootID, epoch: epoch, instance: instance, labels: labels)
  }

  var hello: Hello {
    Hello(
      hostID: hostID, bootID: bootID, epoch: epoch, instance: instance, labels: labels,
      operatingSystem: "Linux",
      kernelRelease: "6.1", architecture: "x86_64", collectorVersion: "1.2.3",
      intervalMilliseconds: interval.wholeMilliseconds, wallTimeMicroseconds: wallMicroseconds,
      capabilities: capabilities, forbiddenCommands: forbiddenCommands, machineSHA256: machineSHA256,
      rekeyedFrom: rekeyedFrom)
  }
}

extension Moment {
  /// So many seconds after the beginning of a test.
  static func at(_ seconds: Double) -> Moment {
    Moment(
      instant: Instant(nanoseconds: Int64(seconds * 1e9)),
      wallMicroseconds: 1_700_000_000_000_000 + Int64(seconds * 1e6))
  }
}

extension IngestSession {
  func receive(_ frame: [UInt8], speaker: Host? = nil, at now: Moment) throws(Status) -> IngestReceipt {
    try frame.withUnsafeBufferPointer { bytes throws(Status) in
      try receive(UnsafeRawBufferPointer(bytes), speaker: speaker, at: now)
    }
  }
}

extension Host {
  /// The newest value of a series, as it is shown.
  func latest(_ name: String) -> Double? {
    withRecord { record in
      for index in record.series.indexes(of: name) {
        if let raw = record.store.latest(index) { return record.series[index].value(ofRaw: raw) }
      }
      return nil
    }
  }

  /// The values of a series in all frames held.
  func stored(_ name: String) -> [Int64] {
    withRecord { record in
      var values: [Int64] = []
      let index = record.series.indexes(of: name).first ?? -1
      record.store.samples(of: index) { _, raw in values.append(raw) }
      return values
    }
  }
}

extension SeriesTable {
  /// The indexes of series of this name.
  func indexes(of name: String) -> [Int] {
    (0..<count).filter { shared(at: $0)?.descriptor.name == name }
  }
}
