/// The gRPC status codes, with the numbers they have on the wire (grpc/doc/statuscodes.md).
public enum StatusCode: Int, Sendable, CaseIterable, CustomStringConvertible {
  /// The call succeeded.
  case ok = 0
  /// The call was cancelled, typically by its caller.
  case cancelled
  /// An error of an unknown kind.
  case unknown
  /// The request makes no sense, whatever state the system is in.
  case invalidArgument
  /// The deadline passed before the call was done.
  case deadlineExceeded
  /// Something asked for does not exist.
  case notFound
  /// Something to be created exists.
  case alreadyExists
  /// The caller is known and may not do this.
  case permissionDenied
  /// A limit was reached: size, number, quota.
  case resourceExhausted
  /// The system is not in the state the call needs.
  case failedPrecondition
  /// The call lost a conflict, and may be tried again from the start.
  case aborted
  /// A value is past the valid range.
  case outOfRange
  /// The method does not exist here.
  case unimplemented
  /// An invariant is broken, or the peer broke the protocol.
  case internalError
  /// Not reachable now; trying again later may help.
  case unavailable
  /// Data is lost for good.
  case dataLoss
  /// The caller's credentials are missing or wrong.
  case unauthenticated

  /// The name as gRPC writes it, for example `DEADLINE_EXCEEDED`.
  public var description: String {
    switch self {
    case .ok: "OK"
    case .cancelled: "CANCELLED"
    case .unknown: "UNKNOWN"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .deadlineExceeded: "DEADLINE_EXCEEDED"
    case .notFound: "NOT_FOUND"
    case .alreadyExists: "ALREADY_EXISTS"
    case .permissionDenied: "PERMISSION_DENIED"
    case .resourceExhausted: "RESOURCE_EXHAUSTED"
    case .failedPrecondition: "FAILED_PRECONDITION"
    case .aborted: "ABORTED"
    case .outOfRange: "OUT_OF_RANGE"
    case .unimplemented: "UNIMPLEMENTED"
    case .internalError: "INTERNAL"
    case .unavailable: "UNAVAILABLE"
    case .dataLoss: "DATA_LOSS"
    case .unauthenticated: "UNAUTHENTICATED"
    }
  }
}

/// How a call ended: a code, and a sentence for a person that says what to do.
public struct Status: Error, Hashable, Sendable, CustomStringConvertible {
  /// The code.
  public var code: StatusCode
  /// The sentence; may be empty.
  public var message: String

  /// A status of a code and a sentence.
  public init(_ code: StatusCode, _ message: String = "") {
    self.code = code
    self.message = message
  }

  /// Success.
  public static let ok = Status(.ok)

  /// Whether the code is OK.
  public var isOK: Bool { code == .ok }

  /// `NOT_FOUND: no such host`
  public var description: String {
    message.isEmpty ? code.description : "\(code): \(message)"
  }
}
