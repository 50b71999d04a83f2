internal import GRPC
internal import Wire

/// One Watch: says the newest status when it differs from what was said last, and the reader takes it.
///
/// No status ever waits here. A reader that stalls misses those in between, and hears the newest once it reads
/// again; what the transport holds for it by then is bounded by the call's high-water mark.
///
/// Lives on its connection's loop. The stream keeps this object for as long as the call is open.
final class HealthWatch {
  private let stream: ServerStream<HealthCheckResponse>
  private let service: String
  private let statuses: HealthStatuses
  private var said: ServingStatus?

  init(_ stream: ServerStream<HealthCheckResponse>, service: String, statuses: HealthStatuses) {
    self.stream = stream
    self.service = service
    self.statuses = statuses
  }

  /// Says how things are now. Throws when the call is one too many, or the server is leaving.
  func start() throws(Status) {
    let bound = LoopBound(self, on: stream.call.connection.executor)
    try statuses.add(self, bound, service: service, on: stream.call.connection)
    stream.onWritable = { self.tell() }
    stream.onEnd = { _ in self.statuses.remove(self) }
    tell()
  }

  /// The service's status may have changed.
  ///
  /// While the reader takes nothing the status is not even asked for, so that nobody wakes this loop again before
  /// the reader does.
  func tell() {
    guard stream.call.isWritable else { return }
    let status = statuses.newestStatus(of: service, for: self)
    guard status != said else { return }
    said = status
    stream.send(HealthCheckResponse(status: status))
  }

  func finish(_ status: Status) {
    stream.finish(status)
  }
}
