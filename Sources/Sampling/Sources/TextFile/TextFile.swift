import ProcFS

/// One file of people's own metrics: what it said when it was read last.
struct TextFile {
  /// Larger files are refused: 1 MiB.
  static let maximumBytes = 1 << 20

  let path: String
  /// The text's samples; none if it has an error.
  private(set) var samples: [MetricsText.Sample] = []
  /// Why it could not be read or understood.
  private(set) var error: KernelError?
  /// When it was written, in seconds since 1970; nil if it has an error.
  var modifiedSeconds: Int? { error == nil ? identity?.modifiedSeconds : nil }

  private var identity: RegularFile.Identity?
  /// Whether a whole pass went by between the last change and the last reading.
  private var isSettled = false

  init(path: String) {
    self.path = path
  }

  /// Reads the file, if it is another one than last time. True if there is anything new.
  ///
  /// What was written in the same tick of the kernel's clock has the same time. So a file that changed is
  /// read once more in the next pass.
  mutating func refresh() -> Bool {
    do throws(KernelError) {
      let current = try RegularFile.identity(of: path)
      if current == identity, isSettled { return false }
      isSettled = current == identity
      try read()
    } catch {
      let before = self.error
      note(error.asFailure)
      return before != self.error
    }
    return true
  }

  private mutating func read() throws(KernelError) {
    let file = try RegularFile(path: path)
    identity = file.identity
    let text = try file.read(maximumBytes: Self.maximumBytes)
    var parsed = MetricsText()
    let outcome = text.withUnsafeBytes { bytes in
      Result { () throws(KernelError) in try parsed.parse(bytes, file: path) }
    }
    try outcome.get()
    samples = parsed.samples
    error = nil
  }

  private mutating func note(_ failure: KernelError) {
    error = failure
    samples = []
    // One that is gone, or no file at all, has no identity: it is tried again each time.
    switch failure {
    case .malformed, .tooLarge: break
    default: identity = nil
    }
  }
}

extension KernelError {
  /// What people put somewhere is not the kernel's to offer: that it is not there is a failure.
  var asFailure: KernelError {
    guard case .unsupported(let path, let code) = self else { return self }
    return .failing(path: path, errno: code)
  }
}
