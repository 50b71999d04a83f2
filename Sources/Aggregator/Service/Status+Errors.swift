import GRPC

/// The one place that turns errors into what a caller is told.
extension Status {
  /// A selector or pattern that cannot be read: INVALID_ARGUMENT, pointing at the part.
  init(_ error: SelectionError) {
    self.init(.invalidArgument, error.description)
  }

  /// The program is being stopped: UNAVAILABLE, so that the caller tries again, here or elsewhere.
  static let draining = Status(.unavailable, "the aggregator is shutting down; connect again")
}

extension Selector {
  /// The selector of a request.
  init(request text: String) throws(Status) {
    do throws(SelectionError) { try self.init(parsing: text) } catch { throw Status(error) }
  }
}

extension MetricPattern {
  /// The metric pattern of a request.
  init(request text: String) throws(Status) {
    do throws(SelectionError) { try self.init(parsing: text) } catch { throw Status(error) }
  }
}
