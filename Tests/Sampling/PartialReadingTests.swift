import Glibc
import ProcFS
import Testing

@testable import Sampling

/// What becomes of a reading whose parts end so or so.
@Suite struct PartialReadingTests {
  private static let absent = KernelError(path: "/absent", errno: ENOENT)
  private static let denied = KernelError(path: "/denied", errno: EACCES)
  private static let broken = KernelError(path: "/broken", errno: EIO)

  @Test(
    arguments: [
      // Parts (nil: something to show), what it is if any is enough, and if each counts.
      ([], nil, nil),
      ([nil], nil, nil),
      ([absent], absent, absent),
      ([absent, nil], nil, nil),
      ([broken, nil], nil, broken),
      ([nil, absent, denied], nil, denied),
      ([absent, broken, denied], broken, broken),
    ] as [([KernelError?], KernelError?, KernelError?)])
  func verdicts(_ parts: [KernelError?], _ any: KernelError?, _ each: KernelError?) {
    var reading = PartialReading()
    for part in parts {
      reading.attempt { () throws(KernelError) in
        if let part { throw part }
        return true
      }
    }
    #expect(error { () throws(KernelError) in try reading.requireAny() } == any)
    #expect(error { () throws(KernelError) in try reading.requireEach() } == each)
  }

  /// A file that is there and says nothing is no reason not to tell what is wrong with the others.
  @Test func whatHasNothingToShowIsNoSuccess() {
    var reading = PartialReading()
    reading.attempt { false }
    reading.attempt { () throws(KernelError) in throw Self.broken }
    #expect(error { () throws(KernelError) in try reading.requireAny() } == Self.broken)
  }

  private func error(_ body: () throws(KernelError) -> Void) -> KernelError? {
    do {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
