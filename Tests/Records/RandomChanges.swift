import Records
import Steering
import Wire

/// Changes of any kind about a few records, so that they meet.
struct RandomChanges {
  private var random = SystemRandomNumberGenerator()

  mutating func change() -> RecordsChange {
    switch number(0...9) {
    case 0: .host(host())
    case 1: .hostForgotten(hostID())
    case 2: .expected(StoredExpectation(instance: hostID(), author: text(), sinceMicroseconds: time()))
    case 3: .expectationOver(instance: hostID())
    default: .steering(steering())
    }
  }

  mutating func steering() -> SteeringChange {
    switch number(0...12) {
    case 0: .document(document())
    case 1: .documentForgotten(version: id())
    case 2: .quarantine(version: id(), reason: text())
    case 3: .quarantinedConfig(sha256: hash(), reason: text())
    case 4: .quarantinedConfigForgotten(sha256: hash())
    case 5: .layer(StoredLayer(selector: text(), current: id(), history: list { $0.id() }))
    case 6: .rollout(rollout())
    case 7: .rolloutForgotten(id: id())
    case 8, 9: .rolloutHost(rollout: id(), rolloutHost())
    case 10: .rolloutHostGone(rollout: id(), hostID: hostID())
    case 11: .rolloutHostsForgotten(rollout: id())
    default: number(0...3) == 0 ? .hostConfigForgotten(hostID: hostID()) : .hostConfig(hostConfig())
    }
  }

  mutating func host() -> StoredHost {
    StoredHost(
      hostID: hostID(), instance: text(), labels: list { Label($0.text(), $0.text()) }, machineSHA256: hash(),
      epoch: .random(in: 0 ... .max), bootID: text(), operatingSystem: text(), kernelRelease: text(),
      architecture: text(), collectorVersion: text(), address: text(), firstSeenMicroseconds: time(),
      lastSeenMicroseconds: time(), isRetired: .random(), goodbyeReason: .random() ? text() : nil,
      clonedFrom: text(), intervalMilliseconds: .random(in: 0 ... .max))
  }

  mutating func document() -> ConfigDocument {
    ConfigDocument(
      version: id(), selector: text(), sha256: hash(), yaml: text(), author: text(), message: text(),
      createdMicroseconds: time(), quarantined: text())
  }

  mutating func rollout() -> StoredRollout {
    StoredRollout(
      id: id(), version: id(), previousVersion: id(), selector: text(), sha256: hash(),
      state: RolloutState.allCases.randomElement()!, pausedFrom: RolloutState.allCases.randomElement()!,
      reason: text(), wavesBegun: .random(in: 0...9), waveHosts: list { UInt32($0.number(0...9)) },
      plan: plan(), createdMicroseconds: time(), endedMicroseconds: time(), author: text(), message: text(),
      history: list { $0.text() }, counts: list { RolloutCount(state: $0.state(), hosts: 7) },
      troubled: list {
        RolloutHost(
          hostID: $0.hostID(), instance: $0.text(), wave: UInt32($0.number(0...9)), state: $0.state(),
          reason: $0.text())
      })
  }

  mutating func plan() -> RolloutPlan {
    RolloutPlan(
      waves: list { $0.text() }, soakMilliseconds: .random(in: 0 ... .max), noSoak: .random(),
      gates: Gates(
        verifiedRatio: .random(in: -1...1), failingSources: .infinity, cpuFactor: 0.1,
        memoryFactor: .leastNonzeroMagnitude, silentRatio: -1),
      hostTimeoutMilliseconds: .random(in: 0 ... .max), confirmWithinMilliseconds: 30_000)
  }

  mutating func rolloutHost() -> StoredRolloutHost {
    StoredRolloutHost(
      hostID: hostID(), wave: UInt32(number(0...4)), state: state(), reason: text(), isCounted: .random(),
      baseline: HostHealth(
        cpuRatio: .random() ? .random(in: 0...1) : nil, residentBytes: .random() ? 16_777_216 : nil,
        failingSources: .random() ? number(0...9) : nil))
  }

  mutating func hostConfig() -> StoredHostConfig {
    StoredHostConfig(
      hostID: hostID(), sha256: hash(), version: id(), rollout: id(), state: state(), reason: text(),
      stampedSHA256: hash(),
      failures: list {
        StoredConfigFailure(
          sha256: $0.hash(), state: $0.state(), reason: $0.text(), rollout: $0.id())
      }, changedMicroseconds: time())
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

  private mutating func id() -> UInt64 { number(0...20) == 0 ? .max : UInt64(number(0...4)) }

  private mutating func hostID() -> String { "host-\(number(0...5))" }

  private mutating func state() -> ConfigState { ConfigState.allCases.randomElement(using: &random)! }

  private mutating func time() -> Int64 { .random(in: .min ... .max, using: &random) }

  private mutating func hash() -> [UInt8] {
    number(0...5) == 0 ? [] : [UInt8](repeating: UInt8(number(0...3) * 85), count: 32)
  }

  private mutating func text() -> String {
    ["", "role=web", "it's \"quoted\"", "línea\n2 \u{1F980}", "; DROP TABLE hosts; --", "null"]
      .randomElement(using: &random)!
  }

  private mutating func list<Element>(_ element: (inout RandomChanges) -> Element) -> [Element] {
    (0..<number(0...3)).map { _ in element(&self) }
  }
}
