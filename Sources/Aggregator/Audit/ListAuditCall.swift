import GRPC
import Wire

/// ListAudit: entries newest first, as fast as the reader takes them.
final class ListAuditCall {
  private let stream: ServerStream<AuditEntry>
  /// Oldest first: the end is next.
  private var entries: [AuditEntry]?

  private init(_ stream: ServerStream<AuditEntry>) {
    self.stream = stream
  }

  /// Reads the log and answers. The stream keeps this object for as long as the call is open.
  static func start(_ stream: ServerStream<AuditEntry>, _ request: ListAuditRequest, _ audit: AuditLog) {
    let call = ListAuditCall(stream)
    stream.onWritable = { call.send() }
    let bound = LoopBound(WeakReference(call), on: stream.call.connection.executor)
    audit.list(request) { result in
      bound.execute { $0.object?.answer(result) }
    }
  }

  private func answer(_ result: Result<[AuditEntry], Status>) {
    switch result {
    case .failure(let status): stream.finish(status)
    case .success(let entries):
      self.entries = entries.reversed()
      send()
    }
  }

  private func send() {
    guard entries != nil else { return }
    while let entry = entries?.popLast() {
      guard stream.send(entry) else { return }
    }
    stream.finish(.ok)
  }
}
