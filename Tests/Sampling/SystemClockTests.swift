import CLinux
import Glibc
import ProcFS
import Testing

@testable import Sampling

/// `adjtimex(2)`.
@Suite struct SystemClockTests {
  private let tree = TestTree()

  private func trial(_ answer: Result<ClockDiscipline, SystemCallError>) throws -> SourceTrial {
    var calls = SamplingFixture.calls
    calls.clockDiscipline = { answer }
    return try SourceTrial("timex", tree, calls: calls)
  }

  @Test func everyValueHasItsUnit() throws {
    var clock = ClockDiscipline()
    clock.isSynchronized = true
    (clock.offset, clock.status, clock.timeConstant, clock.taiOffset) = (-1_234_567, 0x2001, 7, 37)
    (clock.tick, clock.maximumError, clock.estimatedError) = (10_000, 16_500, 12)
    clock.frequency = -65_536 * 25
    clock.pulse.frequency = 65_536
    clock.pulse.stability = 32_768
    (clock.pulse.jitter, clock.pulse.shift) = (1500, 4)
    (clock.pulse.jitterExceeded, clock.pulse.calibrations, clock.pulse.errors) = (1, 2, 3)
    clock.pulse.stabilityExceeded = 4
    let shown = try trial(.success(clock)).sample()
    #expect(
      shown == [
        "node_timex_sync_status": 1, "node_timex_offset_seconds": -0.001234567, "node_timex_status": 8193,
        "node_timex_loop_time_constant": 7, "node_timex_tai_offset_seconds": 37,
        "node_timex_tick_seconds": 0.01, "node_timex_maxerror_seconds": 0.0165,
        "node_timex_estimated_error_seconds": 0.000012,
        "node_timex_frequency_adjustment_ratio": 0.999975, "node_timex_pps_frequency_hertz": 0.000001,
        "node_timex_pps_stability_hertz": 0.0000005, "node_timex_pps_jitter_seconds": 0.0000015,
        "node_timex_pps_shift_seconds": 4, "node_timex_pps_jitter_total": 1,
        "node_timex_pps_calibration_total": 2, "node_timex_pps_error_total": 3,
        "node_timex_pps_stability_exceeded_total": 4,
      ])
  }

  @Test(arguments: [(EPERM, "denied"), (ENOSYS, "unsupported"), (EFAULT, "failing")])
  func aCallThatIsRefused(_ code: Int32, _ word: String) throws {
    let trial = try trial(.failure(SystemCallError(code)))
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == word)
  }

  @Test func theStatusSaysWhichUnitTheOffsetHas() {
    var answer = timex()
    answer.offset = -250
    answer.jitter = 3
    answer.status = STA_PLL
    let coarse = ClockDiscipline(answer, isSynchronized: false)
    #expect(coarse.offset == -250_000)
    #expect(coarse.pulse.jitter == 3000)
    answer.status = STA_PLL | STA_NANO
    let fine = ClockDiscipline(answer, isSynchronized: true)
    #expect(fine.offset == -250)
    #expect(fine.pulse.jitter == 3)
    answer.status = 0
    answer.offset = .min
    answer.jitter = .max
    let absurd = ClockDiscipline(answer, isSynchronized: true)
    #expect(absurd.offset == .min)
    #expect(absurd.pulse.jitter == .max)
  }

  @Test func theKernelAnswersOrRefuses() throws {
    switch ClockDiscipline.read() {
    case .success(let clock): #expect(clock.tick > 0)
    case .failure(let error): #expect(error.code == EPERM || error.code == ENOSYS)
    }
  }
}
