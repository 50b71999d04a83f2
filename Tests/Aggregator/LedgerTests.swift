import Testing

@testable import Aggregator

@Suite struct LedgerTests {
  @Test func aTranscript() {
    var ledger = SequenceLedger()
    // First contact: what came before went elsewhere.
    #expect(ledger.record(epoch: 7, sequence: 100) == .fresh(missing: 0))
    #expect(ledger.record(epoch: 7, sequence: 101) == .fresh(missing: 0))
    #expect(ledger.record(epoch: 7, sequence: 101) == .duplicate)
    #expect(ledger.record(epoch: 7, sequence: 3) == .duplicate)
    #expect(ledger.record(epoch: 7, sequence: 105) == .fresh(missing: 3))
    #expect(ledger.highest(of: 7) == 105)
    // A new epoch of a known host begins with 1, or has lost its beginning.
    #expect(ledger.record(epoch: 8, sequence: 1) == .fresh(missing: 0))
    #expect(ledger.record(epoch: 9, sequence: 4) == .fresh(missing: 3))
    // What is left of an old epoch still counts once.
    #expect(ledger.record(epoch: 7, sequence: 106) == .fresh(missing: 0))
    #expect(ledger.record(epoch: 7, sequence: 106) == .duplicate)
    #expect(ledger.highest(of: 8) == 1)
    #expect(ledger.highest(of: 10) == 0)
    #expect(ledger.record(epoch: 9, sequence: .max) == .fresh(missing: .max - 5))
  }

  @Test func remembersTheNewestEpochs() {
    var ledger = SequenceLedger()
    for epoch in 1...UInt64(SequenceLedger.maximumEpochs + 2) { _ = ledger.record(epoch: epoch, sequence: 1) }
    #expect(ledger.highest(of: 2) == 0)
    #expect(ledger.highest(of: 3) == 1)
    // Older than all that is remembered: nobody can say, so it is not counted again.
    #expect(ledger.record(epoch: 1, sequence: 50) == .duplicate)
  }
}
