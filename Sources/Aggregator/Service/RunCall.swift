import GRPC
import Wire

/// RunCommand: what a run has to tell, from its beginning, as fast as the reader takes it.
///
/// While the reader does not, nothing waits here: the run keeps what it has to tell (see `RunLog` for what a slow
/// reader misses). When the reader leaves, the run is cancelled unless somebody else reads it.
final class RunCall {
  private let stream: ServerStream<RunUpdate>
  private let service: FleetService
  private var reader: RunReader?

  init(_ stream: ServerStream<RunUpdate>, service: FleetService) {
    self.stream = stream
    self.service = service
  }

  /// Starts the run and answers. The stream keeps this object for as long as the call is open.
  func start(_ order: RunOrder) throws(Status) {
    let executor = stream.call.connection.executor
    let bound = LoopBound(WeakReference(self), on: executor)
    reader = try service.runs.start(order, on: executor) { bound.execute { $0.object?.pump() } }
    stream.onWritable = { self.pump() }
    stream.onEnd = { _ in self.end() }
    service.openCalls.add(self, stream.call)
    service.fleet.counters.runCalls.rise()
    // The headers now: the caller sees that it is heard, though the hosts may take their time.
    stream.call.sendHeaders([:])
    pump()
  }

  private func end() {
    service.openCalls.remove(self)
    service.fleet.counters.runCalls.fall()
    reader?.leave()
    reader = nil
  }

  private func pump() {
    guard let reader, !stream.call.isEnded, stream.call.isWritable else { return }
    while true {
      switch reader.next() {
      case .nothing: return
      case .over(let status): return stream.finish(status)
      case .update(let update):
        if update.output != nil, update.hostID.isEmpty { service.fleet.counters.readersCut.add() }
        guard stream.send(update) else { return }
      }
    }
  }
}
