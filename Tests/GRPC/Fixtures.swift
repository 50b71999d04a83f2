import GRPC

/// A message that is its own text.
struct Text: GRPCMessage, Hashable, ExpressibleByStringLiteral {
  var text: String

  init(_ text: String) { self.text = text }
  init(stringLiteral text: String) { self.text = text }

  init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    text = String(decoding: bytes, as: UTF8.self)
    if text == "poison" { throw Status(.invalidArgument, "poison") }
  }

  func encode(into buffer: inout [UInt8]) {
    buffer += text.utf8
  }
}

enum Echo {
  static let unary = Method<Text, Text>(service: "test.Echo", name: "Unary")
  static let collect = Method<Text, Text>(service: "test.Echo", name: "Collect")
  static let expand = Method<Text, Text>(service: "test.Echo", name: "Expand")
  static let chat = Method<Text, Text>(service: "test.Echo", name: "Chat")
  static let raw = "/test.Echo/Raw"
}

/// Writes down all that a client hears.
final class Recorder: ClientCallHandler {
  var headers: Metadata?
  var messages: [String] = []
  var messageBytes = 0
  var writableCount = 0
  var status: Status?
  var trailers: Metadata = [:]
  var endCount = 0
  var onMessage: ((ClientCall) -> Void)?
  var onWritable: ((ClientCall) -> Void)?
  var onEnd: (() -> Void)?

  func receivedHeaders(_ metadata: Metadata, on call: ClientCall) { headers = metadata }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    messages.append(String(decoding: message, as: UTF8.self))
    messageBytes += message.count
    onMessage?(call)
  }

  func writable(on call: ClientCall) {
    writableCount += 1
    onWritable?(call)
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    self.status = status
    self.trailers = trailers
    endCount += 1
    onEnd?()
  }
}

/// Writes down all that a server's handler hears.
final class ServerRecorder: ServerCallHandler {
  var call: ServerCall?
  var messages: [String] = []
  var messageBytes = 0
  var isHalfClosed = false
  var writableCount = 0
  var ends: [CallEnd] = []
  var onMessage: ((ServerCall, String) -> Void)?
  var onHalfClose: ((ServerCall) -> Void)?
  var onWritable: ((ServerCall) -> Void)?

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    let text = String(decoding: message, as: UTF8.self)
    messages.append(text)
    messageBytes += message.count
    onMessage?(call, text)
  }

  func halfClosed(on call: ServerCall) {
    isHalfClosed = true
    onHalfClose?(call)
  }

  func writable(on call: ServerCall) {
    writableCount += 1
    onWritable?(call)
  }

  func ended(on call: ServerCall, _ reason: CallEnd) {
    ends.append(reason)
  }
}

/// The handlers that a router made, in order. Tests run on one thread.
final class Handlers: @unchecked Sendable {
  var all: [ServerRecorder] = []
  var last: ServerRecorder { all[all.count - 1] }
  /// Done to each new handler.
  var prepare: (ServerRecorder) -> Void = { _ in }
}

extension Router {
  /// A router whose raw path is answered by recorders.
  static func recording(_ handlers: Handlers) -> Router {
    var router = Router()
    router.register(Echo.raw) { call throws(Status) in
      let recorder = ServerRecorder()
      recorder.call = call
      handlers.all.append(recorder)
      handlers.prepare(recorder)
      return recorder
    }
    return router
  }

  /// All four kinds, typed.
  static func echo() -> Router {
    var router = Router()
    router.unary(Echo.unary) { request, call throws(Status) in
      if request == "fail" { throw Status(.notFound, "no such thing: Grüße 100%\n") }
      return Text("you said " + request.text)
    }
    router.serverStreaming(Echo.expand) { request, stream throws(Status) in
      for character in request.text { stream.send(Text(String(character))) }
      stream.finish(.ok)
    }
    router.clientStreaming(Echo.collect) { stream throws(Status) in
      var all = ""
      return StreamReader<Text> {
        all += $0.text
      } onHalfClose: {
        stream.finish(with: Text(all))
      }
    }
    router.bidirectional(Echo.chat) { stream throws(Status) in
      StreamReader<Text> {
        stream.send(Text($0.text.uppercased()))
      } onHalfClose: {
        stream.finish(.ok, trailers: ["mood": "good"])
      }
    }
    return router
  }
}

extension Pipe {
  /// Starts a call that sends some messages and half-closes.
  @discardableResult
  func call(
    _ path: String, _ messages: [String], metadata: Metadata = [:], timeout: Duration? = nil,
    ends: Bool = true
  ) throws(Status) -> (call: ClientCall, recorder: Recorder) {
    let recorder = Recorder()
    let call = try client.start(path, metadata: metadata, timeout: timeout, at: now, handler: recorder)
    for message in messages { call.send(Text(message)) }
    if ends { call.halfClose() }
    return (call, recorder)
  }
}
