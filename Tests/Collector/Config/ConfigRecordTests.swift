import GRPC
import Settings
import Testing
import Wire

@testable import Collector

@Suite struct ConfigRecordTests {
  private func read(_ text: String) throws -> ConfigRecord {
    try ConfigRecord(SettingsDocument(text: text, file: "config").root)
  }

  private func hash(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

  @Test func isReadAsItWasWritten() throws {
    var record = ConfigRecord()
    #expect(try read(record.text) == record)
    let config = KeeperStage.config(7)
    record.good = StoredConfig(sha256: config.sha256, version: .max, packed: config.packed)
    record.trial = ConfigRecord.ConfigName(sha256: hash(2), version: 8)
    for byte in 0..<50 as Range<UInt8> { record.addFailed(hash(byte)) }
    for byte in 0..<50 as Range<UInt8> {
      record.prove(StoredConfig(sha256: hash(byte), version: 1, packed: []))
    }
    record.good = StoredConfig(sha256: config.sha256, version: .max, packed: config.packed)
    var counts = (100..<120 as Range<UInt8>).map { record.addUndecided(hash($0)) }
    counts.append(record.addUndecided(hash(119)))
    #expect(counts == Array(repeating: 1, count: 20) + [2])
    #expect(record.failed.count == ConfigRecord.maximumFailed)
    #expect(record.proven == (42..<50 as Range<UInt8>).map(hash))
    #expect(record.undecided.count == ConfigRecord.maximumUndecided)
    #expect(try read(record.text) == record)
  }

  @Test func theLargestConfigFitsIntoAFile() throws {
    var record = ConfigRecord()
    let packed = [UInt8](repeating: 0xAB, count: ConfigRecord.maximumConfigBytes)
    record.good = StoredConfig(sha256: SHA256.digest(of: packed), version: 1, packed: packed)
    #expect(record.text.utf8.count < SettingsLimits.maximumFileBytes)
    #expect(try read(record.text) == record)
  }

  @Test(arguments: [
    ("", "config:1:1: layout: is missing"),
    ("layout: 2", "config:1:9: layout: 2 is out of range; accepted is 1 to 1"),
    ("layout: 1\ntrial: {version: 1}", "config:2:8: trial.sha256: expected 64 hexadecimal digits"),
    ("layout: 1\nfailed: [abc]", "config:2:9: failed: expected 64 hexadecimal digits"),
    ("layout: 1\ngood: {config: xx}", "config:2:16: good.config: expected hexadecimal digits"),
    (
      "layout: 1\nwhat: 1",
      "config:2:1: what: is not a known key; known here: failed, good, layout, proven, trial, undecided"
    ),
  ])
  func damageIsToldWithItsPlace(text: String, message: String) {
    let error = #expect(throws: SettingsError.self) { try read(text) }
    #expect(error?.description == message)
  }

  @Test func aConfigThatIsNotWhatItsHashSaysIsDamage() {
    let config = KeeperStage.config(7)
    var record = ConfigRecord()
    record.good = StoredConfig(sha256: hash(1), version: 1, packed: config.packed)
    let error = #expect(throws: SettingsError.self) { try read(record.text) }
    #expect(error?.message == "is not what sha256 says")
  }
}
