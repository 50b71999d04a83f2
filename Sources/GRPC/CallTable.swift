internal import HTTP2

/// The calls that are open on a connection, by their stream.
struct CallTable {
  private var byStream: [Int32: ServerCall] = [:]
  /// The call that was asked for last, and its stream: nearly always the one that is asked for next.
  private var recent: (stream: Int32, call: ServerCall)?
  /// How many there are.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  /// All of them, oldest stream first.
  var inOrder: [ServerCall] { byStream.values.sorted { $0.stream.id < $1.stream.id } }

  mutating func insert(_ call: ServerCall) {
    byStream[call.stream.id] = call
    recent = (call.stream.id, call)
    count = byStream.count
  }

  mutating func find(_ stream: Int32) -> ServerCall? {
    if let recent, recent.stream == stream { return recent.call }
    guard let call = byStream[stream] else { return nil }
    recent = (stream, call)
    return call
  }

  @discardableResult
  mutating func remove(_ stream: Int32) -> ServerCall? {
    if recent?.stream == stream { recent = nil }
    let call = byStream.removeValue(forKey: stream)
    count = byStream.count
    return call
  }

  mutating func removeAll() {
    self = CallTable()
  }
}
