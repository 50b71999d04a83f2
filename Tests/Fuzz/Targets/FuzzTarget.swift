/// What can be fuzzed. Each takes any bytes, and ends the program when something that must hold does not.
enum FuzzTarget: String, CaseIterable {
  /// A server against whatever a client may send.
  case server
  /// A client against whatever a server may send.
  case client
  /// Both against each other, through a pipe that does as it likes.
  case pair
  /// Messages cut out of a stream's bytes.
  case deframer
  /// What travels in header fields: metadata, timeouts, statuses, request heads.
  case headers
  /// Streams of metric frames.
  case frame
  /// Every other message of the wire.
  case message
  /// Compressed messages.
  case gzip

  func run(_ input: UnsafeRawBufferPointer) {
    switch self {
    case .server: ServerTarget.run(input)
    case .client: ClientTarget.run(input)
    case .pair: PairTarget.run(input)
    case .deframer: DeframerTarget.run(input)
    case .headers: HeadersTarget.run(input)
    case .frame: FrameTarget.run(input)
    case .message: MessageTarget.run(input)
    case .gzip: GzipTarget.run(input)
    }
  }
}

/// Ends the program, as a finding, when `condition` does not hold. (A failed `precondition` would not say why when it
/// is optimised.)
func require(
  _ condition: @autoclosure () -> Bool, _ what: @autoclosure () -> String, file: StaticString = #file,
  line: UInt = #line
) {
  if !condition() { fatalError(what(), file: file, line: line) }
}
