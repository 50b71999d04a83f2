import Link
import Settings
import StructuredLog
import Testing
import Wire

@testable import Collector

@Suite struct ReloadingTests {
  private func reload(_ change: (inout CollectorSettings) -> Void) -> Reloading {
    let started = CollectorSettings()
    var fresh = started
    change(&fresh)
    return Reloading(from: started, to: fresh, started: started)
  }

  @Test func saysWhatHoldsAndWhatWaitsForARestart() {
    #expect(reload { _ in }.text(effective: []) == "nothing changed")
    let some = reload {
      $0.aggregator = HostPort(host: "mon", port: 7600)
      $0.labels = [Label("a", "b")]
      $0.remote.forbidden = [.shutdown]
    }
    #expect(
      some.text(effective: ["interval: 5s -> 1s"])
        == "applied: interval: 5s -> 1s, remote.forbid; needs a restart: aggregator, labels")
  }

  /// A setting that is neither applied nor named would be lost without a word.
  @Test func noKeyIsForgotten() {
    let all = reload {
      $0.tls = .init()
      $0.insecure = true
      $0.instance = "x"
      $0.stateDirectory = "/x"
      $0.root = "/x"
      $0.logFormat = .json
      $0.remote.allowsConfig = false
      $0.remote.minimumInterval = .seconds(1)
    }
    #expect(
      all.text(effective: [])
        == "applied: remote.config, remote.minimum_interval; "
        + "needs a restart: tls, insecure, instance, state_directory, root, log.format")
  }
}
