import ProcFS

/// How a reading goes that has many parts: files, devices, sources. A part that fails leaves its own series absent, and
/// the others go on; when the whole has failed differs.
struct PartialReading {
  private var hasSucceeded = false
  private var failure: KernelError?
  /// What the kernel does not offer counts only where there is nothing else to tell.
  private var absence: KernelError?

  /// Reads a part. It says whether there was anything to be shown.
  mutating func attempt(_ part: () throws(KernelError) -> Bool) {
    do {
      if try part() { hasSucceeded = true }
    } catch {
      if case .unsupported = error { absence = absence ?? error } else { failure = failure ?? error }
    }
  }

  /// Of devices that may sleep, break or go while the others are well: the whole has failed when nothing of any of
  /// them could be read.
  func requireAny() throws(KernelError) {
    if hasSucceeded { return }
    if let error = failure ?? absence { throw error }
  }

  /// Of what can always be read where it is there: the whole has failed when one part has, and is not supported when
  /// none is.
  func requireEach() throws(KernelError) {
    if let failure { throw failure }
    if !hasSucceeded, let absence { throw absence }
  }
}
