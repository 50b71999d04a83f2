internal import HTTP2

/// What a request's headers ask for, once they are found to be gRPC.
struct RequestHead {
  enum Reading {
    case accepted(RequestHead)
    /// Not gRPC, or not gRPC that can be answered here; the headers that say so.
    case refused(HTTP2Headers)
  }

  let path: String
  let timeout: Duration?

  static func read(_ event: HTTP2HeadersEvent) -> Reading {
    let headers = event.headers
    guard !event.isTruncated else {
      return refuse(Status(.resourceExhausted, "the request's headers are over the limit"))
    }
    guard headers.first(":method") == "POST" else { return .refused([":status": "405", "allow": "POST"]) }
    guard HTTPMapping.isGRPC(contentType: headers.first("content-type") ?? "") else {
      return .refused([":status": "415", "accept-post": "application/grpc"])
    }
    if let encoding = headers.first("grpc-encoding"), encoding != "identity" {
      return refuse(
        Status(.unimplemented, "messages compressed with \(encoding) are not understood here"),
        ["grpc-accept-encoding": "identity"])
    }
    guard let text = headers.first("grpc-timeout") else {
      return .accepted(RequestHead(path: headers.first(":path") ?? "", timeout: nil))
    }
    guard let timeout = Timeout.parse(text) else {
      return refuse(Status(.internalError, "malformed grpc-timeout \"\(text)\""))
    }
    return .accepted(RequestHead(path: headers.first(":path") ?? "", timeout: timeout))
  }

  private static func refuse(_ status: Status, _ more: HTTP2Headers = [:]) -> Reading {
    var headers: HTTP2Headers = [":status": "200", "content-type": "application/grpc"]
    headers.add(status)
    headers.fields += more.fields
    return .refused(headers)
  }
}
