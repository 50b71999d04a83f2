@testable import GRPC

/// Bytes as they are.
struct Blob: GRPCMessage {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    self.bytes = Array(bytes)
    if bytes.first == 0xee { throw Status(.invalidArgument, "this one can't be decoded") }
  }

  func encode(into buffer: inout [UInt8]) { buffer += bytes }
}

/// What the server under test offers: a method of each kind, and one that does as it is told.
enum ServerMethods {
  static let obedient = "/fuzz.Fuzz/Obedient"
  static let unary = Method<Blob, Blob>(service: "fuzz.Fuzz", name: "Unary")
  static let collect = Method<Blob, Blob>(service: "fuzz.Fuzz", name: "Collect")
  static let expand = Method<Blob, Blob>(service: "fuzz.Fuzz", name: "Expand")
  static let chat = Method<Blob, Blob>(service: "fuzz.Fuzz", name: "Chat")

  static let paths = [obedient, unary.path, collect.path, expand.path, chat.path]

  /// A router whose handlers are all watched.
  static func router(_ calls: CallLog) -> Router {
    let plain = typed(calls)
    var router = Router()
    for path in paths {
      guard let make = try? plain.factory(for: path) else { fatalError("\(path) has no handler") }
      router.register(path) { call throws(Status) in
        let witness = ServerWitness(call, try make(call))
        calls.add(witness)
        return witness
      }
    }
    return router
  }

  private static func typed(_ calls: CallLog) -> Router {
    var router = Router()
    router.register(obedient) { _ throws(Status) in ObedientServerHandler(ServerActions(calls: calls)) }
    router.unary(unary) { request, _ throws(Status) in
      if request.bytes.isEmpty { throw Status(.notFound, "nothing: Grüße 100%\n") }
      return request
    }
    router.clientStreaming(collect) { stream throws(Status) in
      if stream.call.metadata.first("refuse") != nil { throw Status(.permissionDenied) }
      var all: [UInt8] = []
      return StreamReader<Blob> {
        all += $0.bytes
      } onHalfClose: {
        stream.finish(with: Blob(all))
      }
    }
    router.serverStreaming(expand) { request, stream throws(Status) in
      for byte in request.bytes { stream.send(Blob([byte])) }
      stream.finish(.ok)
    }
    router.bidirectional(chat) { stream throws(Status) in
      StreamReader<Blob> {
        stream.send($0)
      } onHalfClose: {
        stream.finish(.ok, trailers: ["mood": "good"])
      }
    }
    return router
  }
}
