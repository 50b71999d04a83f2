internal import HTTP2

/// What HTTP says, in gRPC's words.
enum HTTPMapping {
  /// For answers that carry no grpc-status (grpc/doc/http-grpc-status-mapping.md).
  static func status(ofHTTP status: String) -> Status {
    let code: StatusCode =
      switch status {
      case "400": .internalError
      case "401": .unauthenticated
      case "403": .permissionDenied
      case "404": .unimplemented
      case "429", "502", "503", "504": .unavailable
      default: .unknown
      }
    return Status(code, "the server answered HTTP \(status) without a gRPC status")
  }

  /// For streams that end by RST_STREAM (PROTOCOL-HTTP2.md, "Errors").
  static func status(ofReset code: HTTP2ErrorCode) -> Status {
    let grpc: StatusCode =
      switch code {
      case .refusedStream: .unavailable
      case .cancel: .cancelled
      case .enhanceYourCalm: .resourceExhausted
      case .inadequateSecurity: .permissionDenied
      default: .internalError
      }
    return Status(grpc, "the server reset the call (\(code))")
  }

  /// What trailers, or the headers of an answer without messages, say. Nil when they hold no grpc-status.
  static func status(ofTrailers trailers: HTTP2Headers) -> Status? {
    guard let text = trailers.first("grpc-status") else { return nil }
    let message = StatusMessage.decode(trailers.first("grpc-message") ?? "")
    guard let number = Int(text), let code = StatusCode(rawValue: number) else {
      return Status(.unknown, message.isEmpty ? "the server sent the unknown grpc-status \(text)" : message)
    }
    return Status(code, message)
  }

  /// Whether a content-type is gRPC's: `application/grpc`, alone or followed by a `+format` or `;parameters`.
  static func isGRPC(contentType: String) -> Bool {
    let prefix = "application/grpc"
    guard contentType.utf8.starts(with: prefix.utf8) else { return false }
    guard let next = contentType.utf8.dropFirst(prefix.utf8.count).first else { return true }
    return next == UInt8(ascii: "+") || next == UInt8(ascii: ";")
  }

  /// The metadata in a header list.
  static func metadata(_ headers: HTTP2Headers) -> Metadata {
    var metadata = Metadata()
    for field in headers.fields where MetadataName.isVisible(field.name) {
      metadata.addReceived(field.name, field.value)
    }
    return metadata
  }
}

extension HTTP2Headers {
  /// Adds an application's metadata.
  mutating func add(_ metadata: Metadata) {
    for element in metadata where MetadataName.isAllowed(element.name) {
      add(element.name, element.value)
    }
  }

  /// Adds a status.
  mutating func add(_ status: Status) {
    add("grpc-status", "\(status.code.rawValue)")
    if !status.message.isEmpty { add("grpc-message", StatusMessage.encode(status.message)) }
  }
}

extension HTTP2Settings {
  init(_ limits: ConnectionLimits, maximumConcurrentStreams: Int) {
    self.init()
    self.maximumConcurrentStreams = maximumConcurrentStreams
    streamWindowBytes = limits.initialStreamWindowBytes
    connectionWindowBytes = limits.connectionWindowBytes
    headerListBytes = limits.maximumHeaderListBytes
    writeHighWaterBytes = limits.writeHighWaterBytes
    writeLowWaterBytes = limits.writeLowWaterBytes
  }
}
