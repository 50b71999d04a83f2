import GRPC

/// A message that is just bytes.
struct Blob: GRPCMessage, Equatable {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(decoding bytes: UnsafeRawBufferPointer) throws(Status) { self.bytes = Array(bytes) }

  func encode(into buffer: inout [UInt8]) { buffer += bytes }
}

/// A client's call that notes what it hears.
final class Heard: ClientCallHandler {
  private(set) var messages: [[UInt8]] = []
  private(set) var status: Status?
  private(set) var writableCount = 0
  var onMessage: (() -> Void)?
  var onWritable: ((ClientCall) -> Void)?
  var onEnd: (() -> Void)?

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    messages.append(Array(message))
    onMessage?()
  }

  func writable(on call: ClientCall) {
    writableCount += 1
    onWritable?(call)
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    self.status = status
    onEnd?()
  }
}

enum Paths {
  static let echo = "/test.Echo/Echo"
  static let sink = "/test.Echo/Sink"
  static let flood = "/test.Echo/Flood"
}

extension Router {
  /// `echo` sends every message back; `sink` answers how many bytes it took; `flood` sends 1 MiB at once.
  static var test: Router {
    var router = Router()
    router.register(Paths.echo) { _ in Echo() }
    router.register(Paths.sink) { _ in Sink() }
    router.register(Paths.flood) { _ in Flood() }
    return router
  }
}

private final class Echo: ServerCallHandler {
  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) { call.send(Blob(Array(message))) }
  func halfClosed(on call: ServerCall) { call.finish(.ok) }
  func ended(on call: ServerCall, _ reason: CallEnd) {}
}

private final class Sink: ServerCallHandler {
  private var count = 0

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) { count += message.count }
  func halfClosed(on call: ServerCall) {
    call.send(Blob(Array("\(count)".utf8)))
    call.finish(.ok)
  }
  func ended(on call: ServerCall, _ reason: CallEnd) {}
}

private final class Flood: ServerCallHandler {
  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    call.send(Blob([UInt8](repeating: 7, count: 1 << 20)))
  }
  func halfClosed(on call: ServerCall) { call.finish(.ok) }
  func ended(on call: ServerCall, _ reason: CallEnd) {}
}
