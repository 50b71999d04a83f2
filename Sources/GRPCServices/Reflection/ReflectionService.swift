public import GRPC
public import Wire

/// `grpc.reflection.v1.ServerReflection`, and the same as `v1alpha` (grpc/doc/server-reflection.md): tools such as
/// grpcurl list and describe what is served without having its .proto files.
public struct ReflectionService: Sendable {
  /// The method, under its present name.
  public static let info = Method<ReflectionRequest, ReflectionResponse>(
    service: "grpc.reflection.v1.ServerReflection", name: "ServerReflectionInfo")
  /// The method under the name that older tools know.
  public static let infoAlpha = Method<ReflectionRequest, ReflectionResponse>(
    service: "grpc.reflection.v1alpha.ServerReflection", name: "ServerReflectionInfo")

  /// A service that knows the project's .proto files, all of whose services are taken to be served.
  public init() {}

  /// Adds the method under both names.
  public func register(in router: inout Router) {
    for method in [Self.info, Self.infoAlpha] {
      // The descriptors are read when somebody asks, not at every start.
      router.bidirectional(method) { stream throws(Status) in ReflectionCall(stream, .ofProgram).reader }
    }
  }
}

/// One stream of questions. Lives on its connection's loop.
private final class ReflectionCall {
  private let stream: ServerStream<ReflectionResponse>
  private let pool: DescriptorPool
  /// Names of files that were sent as somebody's imports.
  private var sent: Set<String> = []

  init(_ stream: ServerStream<ReflectionResponse>, _ pool: DescriptorPool) {
    self.stream = stream
    self.pool = pool
  }

  /// Keeps this object for as long as the call is open.
  var reader: StreamReader<ReflectionRequest> {
    stream.onWritable = { self.stream.call.resumeReading() }
    return StreamReader<ReflectionRequest> { request in
      // Who does not read the answers may not go on asking.
      if !self.stream.send(ReflectionResponse(to: request, self.answer(request))) {
        self.stream.call.pauseReading()
      }
    } onHalfClose: {
      self.stream.finish(.ok)
    }
  }

  private func answer(_ request: ReflectionRequest) -> ReflectionResponse.Answer {
    switch request.question {
    case .file(let name): files(pool.files[name], "there is no file \"\(name)\"")
    case .fileDefining(let symbol): files(pool.file(defining: symbol), "nothing is called \"\(symbol)\"")
    case .fileWithExtension(let number, let type):
      .error(Status(.notFound, "\"\(type)\" has no extension \(number)"))
    case .extensionNumbers(let type):
      pool.messages.contains(type)
        ? .noExtensions(of: type) : .error(Status(.notFound, "there is no message \"\(type)\""))
    case .services: .services(pool.services.sorted())
    case .unknown: .error(Status(.invalidArgument, "a request that asks for nothing that is known here"))
    }
  }

  private func files(_ file: DescriptorPool.File?, _ otherwise: String) -> ReflectionResponse.Answer {
    guard let file else { return .error(Status(.notFound, otherwise)) }
    let files = pool.closure(of: file, without: sent)
    sent.formUnion(files.map(\.name))
    return .files(files.map(\.bytes))
  }
}
