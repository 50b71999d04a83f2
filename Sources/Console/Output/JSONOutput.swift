import Foundation
import Wire

/// What `--output json` prints: stable names in snake case, figures that are not known as `null`.
enum JSONOutput {
  /// One value, over several lines, for a whole answer.
  static func document(_ value: some Encodable) throws -> String {
    try encode(value, [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }

  /// One value on one line, for a stream of answers.
  static func line(_ value: some Encodable) throws -> String {
    try encode(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  private static func encode(_ value: some Encodable, _ format: JSONEncoder.OutputFormatting) throws -> String
  {
    let encoder = JSONEncoder()
    encoder.outputFormatting = format
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

/// JSON has no NaN and no infinity.
extension Double {
  var finite: Double? { isFinite ? self : nil }
}

extension Sequence<Label> {
  /// Labels as a JSON object.
  var dictionary: [String: String] {
    Dictionary(map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

/// A host as `muster hosts --output json` shows it. Times are microseconds since 1970.
struct HostDocument: Encodable {
  let hostId: String
  let instance: String
  let state: String
  let labels: [String: String]
  let address: String
  let bootId: String
  let epoch: UInt64
  let operatingSystem: String
  let kernelRelease: String
  let architecture: String
  let collectorVersion: String
  let intervalMs: UInt32
  let connectedSinceUs: Int64?
  let lastFrameUs: Int64?
  let lagUs: Int64
  let clockOffsetUs: Int64
  let series: UInt64
  let frames: UInt64
  let duplicateFrames: UInt64
  let missingFrames: UInt64
  let bufferedFrames: UInt64
  let droppedFrames: UInt64
  let goodbyeReason: String?
  let configVersion: UInt64?
  let configState: String?
  let configSha256: String?
  let configLabels: [String: String]
  let forbiddenCommands: [String]
  let clonedFrom: String?
  let shedding: String?
  let vitals: VitalsDocument

  init(_ host: HostInfo) {
    hostId = host.hostID
    instance = host.instance
    state = host.state.word
    labels = host.labels.dictionary
    address = host.address
    bootId = host.bootID
    epoch = host.epoch
    operatingSystem = host.operatingSystem
    kernelRelease = host.kernelRelease
    architecture = host.architecture
    collectorVersion = host.collectorVersion
    intervalMs = host.intervalMilliseconds
    connectedSinceUs = host.connectedSinceMicroseconds == 0 ? nil : host.connectedSinceMicroseconds
    lastFrameUs = host.lastFrameMicroseconds == 0 ? nil : host.lastFrameMicroseconds
    lagUs = host.lagMicroseconds
    clockOffsetUs = host.clockOffsetMicroseconds
    series = host.series
    frames = host.frames
    duplicateFrames = host.duplicateFrames
    missingFrames = host.missingFrames
    bufferedFrames = host.bufferedFrames
    droppedFrames = host.droppedFrames
    goodbyeReason = host.goodbyeReason.isEmpty ? nil : host.goodbyeReason
    configVersion = host.configVersion == 0 ? nil : host.configVersion
    configState = host.hasConfig ? host.configState.word.snakeCased : nil
    configSha256 = HashText.hexadecimal(host.configSHA256).nonEmpty
    configLabels = host.configLabels.dictionary
    forbiddenCommands = host.forbiddenCommands
    clonedFrom = host.clonedFrom.nonEmpty
    shedding = host.shedding.nonEmpty
    vitals = VitalsDocument(host.figures)
  }
}

/// A host's vitals; ratios are 0 to 1.
struct VitalsDocument: Encodable {
  let cpuBusyRatio: Double?
  let memoryUsedRatio: Double?
  let memoryTotalBytes: Double?
  let load1: Double?
  let diskReadBytesPerSecond: Double?
  let diskWrittenBytesPerSecond: Double?
  let networkReceiveBytesPerSecond: Double?
  let networkTransmitBytesPerSecond: Double?
  let pressureCpuRatio: Double?
  let pressureMemoryRatio: Double?
  let pressureIoRatio: Double?
  let cpus: UInt32

  init(_ vitals: Vitals) {
    cpuBusyRatio = vitals.cpuBusyRatio.finite
    memoryUsedRatio = vitals.memoryUsedRatio.finite
    memoryTotalBytes = vitals.memoryTotalBytes.finite
    load1 = vitals.load1.finite
    diskReadBytesPerSecond = vitals.diskReadBytesPerSecond.finite
    diskWrittenBytesPerSecond = vitals.diskWrittenBytesPerSecond.finite
    networkReceiveBytesPerSecond = vitals.networkReceiveBytesPerSecond.finite
    networkTransmitBytesPerSecond = vitals.networkTransmitBytesPerSecond.finite
    pressureCpuRatio = vitals.pressureCPURatio.finite
    pressureMemoryRatio = vitals.pressureMemoryRatio.finite
    pressureIoRatio = vitals.pressureIORatio.finite
    cpus = vitals.cpus
  }
}

/// One value of one series, for `latest` and `tail`.
struct SampleDocument: Encodable {
  let instance: String
  let timeUs: Int64
  let name: String
  let labels: [String: String]
  let unit: String?
  let value: Double?

  init(instance: String, timeUs: Int64, name: String, labels: [Label], unit: String, value: Double) {
    self.instance = instance
    self.timeUs = timeUs
    self.name = name
    self.labels = labels.dictionary
    self.unit = unit.isEmpty ? nil : unit
    self.value = value.finite
  }
}
