import Testing
import Wire

@testable import Collector

/// A buffer that is given other limits while it is in use.
@Suite struct FrameRingResizeTests {
  private func limits(frames: Int) -> FrameRingLimits {
    var limits = FrameRingLimits()
    limits.maximumFrames = frames
    return limits
  }

  @Test func shrinkingDropsTheOldestAndCounts() {
    let stage = UplinkStage()
    _ = stage.collect(10)
    stage.uplink.resizeRing(limits(frames: 4))
    #expect(stage.balance == "10 = 0 + 4 + 6")
    _ = stage.collect(1)
    #expect(stage.balance == "11 = 0 + 4 + 7")
    stage.uplink.resizeRing(limits(frames: 6))
    _ = stage.collect(4)
    #expect(stage.balance == "15 = 0 + 6 + 9")
    // What is left still makes a stream.
    _ = stage.after { uplink, _ in uplink.start() }
    #expect(stage.connect().suffix(6).first == "frame 10 opens web-1/7 value 1000")
  }

  @Test func shrinkingWhileStreamingBeginsTheStreamAnewIfItMust() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    stage.room = 2
    _ = stage.collect(8)
    // Frames 1 and 2 were sent: they may go.
    stage.uplink.resizeRing(limits(frames: 6))
    #expect(stage.wait(.zero) == [])
    stage.uplink.resizeRing(limits(frames: 4))
    #expect(stage.wait(.zero) == ["report overrun, 2 dropped", "finish push"])
  }
}
