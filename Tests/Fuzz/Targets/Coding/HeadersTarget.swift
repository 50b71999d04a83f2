private import CNghttp2
import Gzip

@testable import GRPC
@testable import HTTP2

/// What travels in header fields. Whatever is sent passes nghttp2's own checks, which every receiver makes.
///
///     input ── first byte: which of these; what it reads
enum HeadersTarget {
  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    switch script.choice(7) {
    case 0: base64(script.remainder())
    case 1: metadata(&script)
    case 2: timeoutText(text(script.remainder()))
    case 3: timeout(&script)
    case 4: message(text(script.remainder()))
    case 5: requestHead(&script)
    default: responseStatus(&script)
    }
  }

  private static func base64(_ bytes: [UInt8]) {
    require(Base64.decode(Base64.encode(bytes).utf8) == bytes, "base64 does not come back")
    guard let decoded = Base64.decode(bytes) else { return }
    require(Base64.decode(Base64.encode(decoded).utf8) == decoded, "base64 that was read does not come back")
    require(decoded.count <= bytes.count * 3 / 4, "\(decoded.count) bytes out of \(bytes.count) characters")
  }

  private static func metadata(_ script: inout Script) {
    let name = text(script.sizedBytes())
    var metadata = Metadata()
    let bytes = script.sizedBytes()
    if metadata.addBinary(name, bytes) {
      require(metadata.binary(name.lowercased()) == [bytes], "binary metadata does not come back")
    }
    metadata.add(name, text(script.remainder()))
    var sent = HTTP2Headers()
    sent.add(metadata)
    require(sent.fields.count == metadata.count, "metadata that was taken is not sent")
    expectSendable(sent)
    require(HTTPMapping.metadata(sent) == metadata, "metadata does not come back")
  }

  /// Formatting rounds up, by less than the unit that it takes.
  private static func timeoutText(_ text: String) {
    guard let timeout = Timeout.parse(text) else { return }
    require(timeout >= .zero, "\(text) is negative")
    guard timeout > .zero else { return }
    require(Timeout.parse(Timeout.format(timeout)) == timeout, "\(text) does not come back")
  }

  private static func timeout(_ script: inout Script) {
    let nanoseconds = Int64(bitPattern: UInt64(script.word()) << 32 | UInt64(script.word()))
    let timeout = Duration.nanoseconds(nanoseconds)
    let text = Timeout.format(timeout)
    expectSendable(["grpc-timeout": text])
    guard let read = Timeout.parse(text) else {
      fatalError("\(timeout) is written \(text), which is no timeout")
    }
    require(read >= timeout && read > .zero, "\(timeout) is written \(text), which is shorter")
    require(read <= max(timeout, .nanoseconds(1)) * 1.00001, "\(timeout) is written \(text), which is longer")
  }

  private static func message(_ message: String) {
    let encoded = StatusMessage.encode(message)
    var sent = HTTP2Headers()
    sent.add(Status(.internalError, message))
    expectSendable(sent)
    let decoded = StatusMessage.decode(encoded)
    if message.utf8.count <= StatusMessage.bytesMaximum {
      require(decoded == message, "\(message) comes back as \(decoded)")
    } else {
      require(message.utf8.starts(with: decoded.utf8), "a message that was cut comes back changed")
    }
    _ = StatusMessage.decode(message)
  }

  private static func requestHead(_ script: inout Script) {
    var headers = HTTP2Headers(Request.fields(&script).map { HTTP2Field($0.0, $0.1) })
    for _ in 0..<script.choice(4) { headers.add(text(script.sizedBytes()), text(script.sizedBytes())) }
    let event = HTTP2HeadersEvent(
      stream: HTTP2Stream(id: 1, outbound: ByteQueue()), kind: .request, headers: headers, isEnd: false,
      isTruncated: script.byte() & 1 != 0)
    switch RequestHead.read(event, codecs: [.gzip]) {
    case .refused(let answer): expectSendable(answer)
    case .accepted(let head): require(head.timeout ?? .zero >= .zero, "a timeout of \(head.timeout ?? .zero)")
    }
    _ = [MessageCodec.gzip].accepted("gzip", by: headers.first("grpc-accept-encoding"))
    _ = HTTPMapping.metadata(headers)
  }

  private static func responseStatus(_ script: inout Script) {
    let headers = HTTP2Headers([
      HTTP2Field("grpc-status", text(script.sizedBytes())),
      HTTP2Field("grpc-message", text(script.sizedBytes())),
    ])
    require(HTTPMapping.status(ofTrailers: headers) != nil, "a grpc-status is overlooked")
    require(!HTTPMapping.status(ofHTTP: text(script.sizedBytes())).isOK, "HTTP alone makes a call OK")
  }

  private static func expectSendable(_ headers: HTTP2Headers) {
    for field in headers.fields {
      require(isSendable(field), "\(field.name): \(field.value) can't be sent")
    }
  }

  private static func isSendable(_ field: HTTP2Field) -> Bool {
    let (name, value) = (Array(field.name.utf8), Array(field.value.utf8))
    return nghttp2_check_header_name(name, name.count) != 0
      && nghttp2_check_header_value_rfc9113(value, value.count) != 0
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
