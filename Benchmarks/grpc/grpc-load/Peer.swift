import GRPC
import Glibc
import Link

/// One connection to the server, and its streaming call.
final class Peer {
  let index: Int
  let link: Link
  /// Why it is of no more use.
  private(set) var failure: String?
  private(set) var messagesSent = 0
  /// The call has ended, as it should.
  private(set) var isAnswered = false

  private let request: (message: [UInt8], bodyBytes: Int)
  private let isSink: Bool
  private var call: ClientCall?
  private var aggregatedSize: Int?

  init(_ index: Int, _ options: Options, request: (message: [UInt8], bodyBytes: Int)) {
    self.index = index
    self.request = request
    isSink = options.isSink
    var configuration = ClientConfiguration()
    // A PING of the client's every 30 s would be too many for some servers.
    configuration.limits.keepaliveInterval = nil
    link = Link(target: options.target, tls: options.tls, configuration: configuration)
  }

  /// The server has spoken HTTP/2, after all handshakes.
  var isOpen: Bool { link.grpc.map { $0.counters.bytesReceived > 0 } ?? false }

  /// All that was sent has been given to the socket.
  var isDrained: Bool { link.interest == Int16(POLLIN) }

  /// Whether another message may be sent without piling up.
  var isWritable: Bool { call?.isWritable ?? false }

  func take(_ event: LinkEvent?) {
    switch event {
    case .failed(let error): failure = "\(error)"
    case .closed(let error): failure = error.map { "\($0)" } ?? "closed by the server"
    case .connected, nil: break
    }
  }

  func startCall() throws {
    call = try link.grpc?.start(TestMessages.streamingInputCall, handler: self)
  }

  func send() {
    call?.sendMessage { $0.append(contentsOf: request.message) }
    messagesSent += 1
  }

  func halfClose() {
    call?.halfClose()
  }
}

extension Peer: ClientCallHandler {
  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    aggregatedSize = TestMessages.aggregatedSize(of: message)
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    let expected = messagesSent * request.bodyBytes
    if isSink || status.isOK && aggregatedSize == expected {
      isAnswered = true
    } else {
      failure = "\(status); the server got \(aggregatedSize ?? 0) of \(expected) bytes"
    }
  }
}
