/// Which handler answers which path. A value: built when a program starts, then shared by all its
/// connections.
public struct Router: Sendable {
  /// Makes the handler of one call, or refuses the call with a status.
  public typealias Factory = @Sendable (ServerCall) throws(Status) -> any ServerCallHandler

  private var factories: [String: Factory] = [:]
  private var services: Set<Substring> = []

  /// A router that answers UNIMPLEMENTED to everything.
  public init() {}

  /// Sends calls of a path (`/package.Service/Method`) to the handlers that `make` makes. A later
  /// registration replaces an earlier one.
  public mutating func register(_ path: String, _ make: @escaping Factory) {
    factories[path] = make
    services.insert(Router.service(of: path))
  }

  /// What makes the handler for a path; throws UNIMPLEMENTED when nothing does.
  func factory(for path: String) throws(Status) -> Factory {
    if let factory = factories[path] { return factory }
    let service = Router.service(of: path)
    let method = path.dropFirst(service.count + 2)
    let known = services.contains(service)
    throw Status(
      .unimplemented, known ? "unknown method \(method) for service \(service)" : "unknown service \(service)"
    )
  }

  private static func service(of path: String) -> Substring {
    path.dropFirst().prefix { $0 != "/" }
  }
}
