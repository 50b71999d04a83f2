public import GRPC

extension Status {
  /// A selector or pattern that cannot be read: INVALID_ARGUMENT, pointing at the part.
  public init(_ error: SelectionError) {
    self.init(.invalidArgument, error.description)
  }
}

extension Selector {
  /// The selector of a request.
  public init(request text: String) throws(Status) {
    do throws(SelectionError) { try self.init(parsing: text) } catch { throw Status(error) }
  }
}

extension MetricPattern {
  /// The pattern of a request.
  public init(request text: String) throws(Status) {
    do throws(SelectionError) { try self.init(parsing: text) } catch { throw Status(error) }
  }
}
