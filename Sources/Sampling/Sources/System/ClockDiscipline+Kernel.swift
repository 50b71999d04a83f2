internal import CLinux
import Glibc
import ProcFS

extension ClockDiscipline {
  /// Asks the kernel, and changes nothing. A sandbox without `@clock` refuses even that: EPERM.
  static func read() -> Result<ClockDiscipline, SystemCallError> {
    var answer = timex()
    answer.modes = 0
    let state = adjtimex(&answer)
    guard state >= 0 else { return .failure(SystemCallError(errno)) }
    return .success(ClockDiscipline(answer, isSynchronized: state != TIME_ERROR))
  }

  init(_ answer: timex, isSynchronized: Bool) {
    self.init()
    let nanoseconds: Int64 = answer.status & STA_NANO != 0 ? 1 : 1000
    self.isSynchronized = isSynchronized
    offset = Int64(answer.offset).multipliedOrClamped(by: nanoseconds)
    frequency = Int64(answer.freq)
    maximumError = Int64(answer.maxerror)
    estimatedError = Int64(answer.esterror)
    status = Int64(answer.status)
    timeConstant = Int64(answer.constant)
    tick = Int64(answer.tick)
    taiOffset = Int64(answer.tai)
    pulse.frequency = Int64(answer.ppsfreq)
    pulse.jitter = Int64(answer.jitter).multipliedOrClamped(by: nanoseconds)
    pulse.shift = Int64(answer.shift)
    pulse.stability = Int64(answer.stabil)
    pulse.jitterExceeded = Int64(answer.jitcnt)
    pulse.calibrations = Int64(answer.calcnt)
    pulse.errors = Int64(answer.errcnt)
    pulse.stabilityExceeded = Int64(answer.stbcnt)
  }
}

extension Int64 {
  /// The product, or the largest or smallest number there is.
  fileprivate func multipliedOrClamped(by factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? (self < 0 ? .min : .max) : product
  }
}
