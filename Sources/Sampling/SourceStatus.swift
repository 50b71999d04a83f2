public import ProcFS

/// Whether a source gives values on this host.
public enum Availability: Hashable, Sendable {
  /// It does.
  case ok
  /// This kernel does not offer it.
  case unsupported(KernelError)
  /// The collector may not read it.
  case denied(KernelError)
  /// Reading or understanding it fails.
  case failing(KernelError)

  init(_ error: KernelError) {
    switch error {
    case .unsupported, .unset: self = .unsupported(error)
    case .denied: self = .denied(error)
    case .failing, .malformed, .tooLarge, .unanswered, .notRegular: self = .failing(error)
    }
  }

  /// `ok`, `unsupported`, `denied` or `failing`.
  public var word: String {
    switch self {
    case .ok: "ok"
    case .unsupported: "unsupported"
    case .denied: "denied"
    case .failing: "failing"
    }
  }

  /// Why there are no values; nil if there are.
  public var error: KernelError? {
    switch self {
    case .ok: nil
    case .unsupported(let error), .denied(let error), .failing(let error): error
    }
  }
}

/// How a source is doing.
public struct SourceStatus: Hashable, Sendable {
  /// The source's name.
  public let name: String
  /// Whether it is read at all, by the settings.
  public var isEnabled = true
  /// Whether it gives values; before the first pass, ok.
  public var availability = Availability.ok
  /// Since when it is available so (the kind, not the exact error), by the sampler's clock.
  public var sinceNanoseconds: Int64 = 0
  /// How long the last reading took.
  public var lastReadNanoseconds: Int64 = 0
  /// How long all readings took together.
  public var totalReadNanoseconds: Int64 = 0

  /// How many series the last pass has of it; `Sampler.statuses(countingIn:)` fills it in.
  public var series = 0

  /// A source that nobody has read yet.
  public init(name: String) { self.name = name }
}
