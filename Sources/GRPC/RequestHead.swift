internal import HTTP2

/// What a request's headers ask for, once they are found to be gRPC.
struct RequestHead {
  enum Reading {
    case accepted(RequestHead)
    /// Not gRPC, or not gRPC that can be answered here; the headers that say so.
    case refused(HTTP2Headers)
  }

  let path: String
  var timeout: Duration?
  /// How the client's messages may be compressed.
  let codec: MessageCodec?
  /// What the client says that it takes; nil: it does not say.
  let acceptEncoding: String?

  static func read(_ event: HTTP2HeadersEvent, codecs: [MessageCodec]) -> Reading {
    let headers = event.headers
    guard !event.isTruncated else {
      return refuse(Status(.resourceExhausted, "the request's headers are over the limit"))
    }
    guard headers.first(":method") == "POST" else { return .refused([":status": "405", "allow": "POST"]) }
    guard HTTPMapping.isGRPC(contentType: headers.first("content-type") ?? "") else {
      return .refused([":status": "415", "accept-post": "application/grpc"])
    }
    let encoding = codecs.encoding(headers.first("grpc-encoding"))
    if case .unknown(let name) = encoding {
      return refuse(
        Status(.unimplemented, "messages compressed with \(name) are not understood here"),
        ["grpc-accept-encoding": codecs.acceptEncoding])
    }
    var head = RequestHead(
      path: headers.first(":path") ?? "", codec: encoding.codec,
      acceptEncoding: headers.first("grpc-accept-encoding"))
    guard let text = headers.first("grpc-timeout") else { return .accepted(head) }
    head.timeout = Timeout.parse(text)
    guard head.timeout != nil else {
      return refuse(Status(.internalError, "malformed grpc-timeout \"\(text)\""))
    }
    return .accepted(head)
  }

  private static func refuse(_ status: Status, _ more: HTTP2Headers = [:]) -> Reading {
    var headers: HTTP2Headers = [":status": "200", "content-type": "application/grpc"]
    headers.add(status)
    headers.fields += more.fields
    return .refused(headers)
  }
}
