import GRPC
import Testing
import Wire

@testable import Steering

@Suite struct SteeringLimitsTests {
  @Test func theOldestDocumentsAndRolloutsAreDropped() throws {
    let stage = Stage()
    stage.addHosts(1)
    let extra = 5
    for number in 1...(SteeringLimits.documents + extra) {
      let rollout = try stage.push("labels: {n: \"\(number)\"}\n", waves: ["100%"], soak: 0)
      stage.pass(until: .completed, of: rollout.id)
    }
    #expect(stage.memory.documents.count == SteeringLimits.documents)
    #expect(stage.memory.documents[UInt64(extra)] == nil && stage.memory.documents[UInt64(extra + 1)] != nil)
    #expect(stage.memory.rollouts.count == SteeringLimits.rollouts)
    #expect(stage.memory.rolloutHosts.isEmpty)
    #expect(stage.memory.layers[""]?.history.count == SteeringLimits.layerHistory)
    stage.restart()
    #expect(try stage.push("interval: 5s\n").version == UInt64(SteeringLimits.documents + extra + 1))
  }

  @Test func whatFailedOnAHostIsRememberedUpToALimit() {
    let stage = Stage()
    stage.addHosts(1)
    for number in 0..<100 {
      stage.say(.failed, [UInt8(number)] + Array(repeating: 0, count: 31), "web-1", "no")
    }
    let failures = stage.memory.hostConfigs["id-web-1"]?.failures ?? []
    #expect(failures.count == SteeringLimits.hostFailures && failures.last?.sha256.first == 99)
    #expect(stage.notes.count == 100)
    stage.say(.failed, [99] + Array(repeating: 0, count: 31), "web-1", "no")
    #expect(stage.notes.count == 100, "what is known is not news")
  }

  @Test func theOldestQuarantinedHashIsDropped() {
    var list = QuarantineList([])
    for number in 0..<SteeringLimits.quarantinedConfigs {
      #expect(list.add([UInt8(number % 256), UInt8(number / 256)], "bad").count == 1)
    }
    #expect(list.add([0, 0], "bad").isEmpty)
    #expect(
      list.add([255, 255], "worse") == [
        .quarantinedConfig(sha256: [255, 255], reason: "worse"), .quarantinedConfigForgotten(sha256: [0, 0]),
      ])
    #expect(list.reason([0, 0]) == nil && list.reason([255, 255]) == "worse")
  }

  @Test func aReasonFromAHostIsCutToALimit() {
    let stage = Stage()
    stage.addHosts(1)
    stage.say(.refused, Array(repeating: 1, count: 32), "web-1", String(repeating: "x", count: 5000))
    #expect(
      stage.memory.hostConfigs["id-web-1"]?.failures.first?.reason.count == SteeringLimits.reasonCharacters)
  }
}
