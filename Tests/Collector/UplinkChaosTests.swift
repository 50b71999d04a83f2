import GRPC
import Testing
import Wire

@testable import Collector

/// An aggregator that remembers what it got, on a network that fails at random.
private struct Chaos {
  let stage: UplinkStage
  var random: Seeded
  var isLinkWanted = false
  var isGreeted = false
  var isPushOpen = false
  var isPushFinished = false
  var isControlFinished = false
  var broken: [String] = []

  init(seed: UInt64) {
    random = Seeded(seed)
    var settings = UplinkSettings()
    settings.ring.maximumFrames = Int.random(in: 3...40, using: &random)
    stage = UplinkStage(settings, seed: seed)
  }

  /// The highest sequence up to which nothing is missing that was not dropped.
  var has: UInt64 { stage.received.max() ?? 0 }

  mutating func take(_ lines: [String]) {
    for line in lines {
      switch line {
      case "connect": isLinkWanted = true
      case "hello web-1/7": isLinkWanted = false
      case "open push": (isPushOpen, isPushFinished) = (true, false)
      case "finish push": isPushFinished = true
      case "finish control": isControlFinished = true
      case "close":
        (isLinkWanted, isGreeted, isPushOpen) = (false, false, false)
        (isPushFinished, isControlFinished) = (false, false)
      default: check(line)
      }
    }
  }

  /// Each frame is whole and says what was sampled.
  private mutating func check(_ line: String) {
    let words = line.split(separator: " ")
    guard line.hasPrefix("frame"), let value = words.last, let sequence = Int(words[1]) else {
      if line.hasPrefix("broken") { broken.append(line) }
      return
    }
    if Int(value) != sequence * 100 { broken.append(line) }
  }

  mutating func step() {
    switch Int.random(in: 0..<13, using: &random) {
    case 12: stage.compact()
    case 0..<4: take(stage.collect(Int.random(in: 1...3, using: &random)))
    case 4: take(stage.waitForDeadline())
    case 5: stage.room = Int.random(in: 0...10, using: &random)
    case 6: take(stage.acknowledge(UInt64.random(in: 0...has, using: &random)))
    case 7 where Int.random(in: 0..<3, using: &random) == 0: cut()
    case 8 where Int.random(in: 0..<3, using: &random) == 0: take(stage.after { $0.goingAway(at: $1) })
    case 9: take(stage.reply(UInt64.random(in: 0...9, using: &random)))
    default: advance()
    }
  }

  /// What a network and an aggregator in order do next.
  mutating func advance() {
    if isLinkWanted {
      take(stage.after { $0.linkConnected(at: $1) })
    } else if !isGreeted, case .greeting = stage.uplink.state {
      isGreeted = true
      take(stage.welcome(has))
    } else if isPushOpen, isPushFinished {
      isPushOpen = false
      take(stage.after { $0.pushEnded(.ok, at: $1) })
    } else if isControlFinished {
      isControlFinished = false
      take(stage.after { $0.controlEnded(.ok, at: $1) })
    } else {
      take(stage.acknowledge(has))
    }
  }

  private mutating func cut() {
    if isLinkWanted {
      take(stage.after { $0.linkFailed("refused", at: $1) })
    } else {
      take(stage.after { $0.linkClosed("cut", at: $1) })
    }
  }
}

@Suite struct UplinkChaosTests {
  /// Whatever happens: no frame is torn, none is lost but those counted as dropped, and when the trouble is
  /// over everything is acknowledged.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func nothingIsLostThatTheRingCouldHold(seed: UInt64) {
    var chaos = Chaos(seed: seed)
    let stage = chaos.stage
    chaos.take(stage.after { uplink, _ in uplink.start() })
    for _ in 0..<400 {
      chaos.step()
      #expect(
        stage.uplink.ring.collected
          == stage.uplink.ring.acknowledged + UInt64(stage.uplink.ring.count) + stage.uplink.ring.dropped)
    }
    stage.room = .max
    for _ in 0..<100 where stage.uplink.ring.count > 0 {
      if !chaos.isLinkWanted, case .waiting = stage.uplink.state { chaos.take(stage.waitForDeadline()) }
      chaos.advance()
      chaos.take(stage.wait(.zero))
    }
    #expect(chaos.broken == [])
    #expect(stage.uplink.ring.count == 0)
    let missing = stage.uplink.ring.collected - UInt64(Set(stage.received).count)
    #expect(missing <= stage.uplink.ring.dropped)
  }

  /// The same, and then a stop: it ends within its bound whatever state it meets.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func aStopAlwaysEnds(seed: UInt64) {
    var chaos = Chaos(seed: seed)
    let stage = chaos.stage
    chaos.take(stage.after { uplink, _ in uplink.start() })
    for _ in 0..<Int(seed) { chaos.step() }
    let start = stage.now.instant
    chaos.take(stage.after { $0.stop(reason: "SIGTERM", at: $1) })
    if !stage.uplink.isStopped { chaos.take(stage.waitForDeadline()) }
    #expect(stage.uplink.isStopped == true)
    #expect(stage.now.instant - start <= .seconds(2))
    #expect(stage.uplink.nextDeadline == nil)
  }
}
