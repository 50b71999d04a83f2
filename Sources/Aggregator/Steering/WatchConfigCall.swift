import GRPC
import Steering
import Wire

/// ConfigService.Watch: the config that is meant for the host on the other end, whenever that is another.
///
/// Answered on the connection that carries the host's control stream, once that was welcomed: what comes of a config
/// is said there. A host has one Watch; a newer one ends it. While the collector does not read, only the newest
/// config waits for it.
final class WatchConfigCall {
  /// The Watch this one ended for.
  static let superseded = Status(
    .aborted, "this host has opened another Watch, which holds from now on; nothing more will come here")
  /// The control stream that it belongs to is gone.
  static let detached = Status(
    .aborted, "the control stream of this connection speaks for the host no longer; open another, then Watch")

  private let stream: ServerStream<ConfigUpdate>
  private let desk: SteeringDesk
  private let openCalls: OpenCalls
  private let hostID: String
  private let controlStream: UInt64
  private var waiting: ConfigUpdate?
  private var isWritable = true

  /// A call on the connection that a host's control stream is on.
  ///
  /// - Throws: FAILED_PRECONDITION: nobody was welcomed there. PERMISSION_DENIED: another host was.
  init(
    _ stream: ServerStream<ConfigUpdate>, _ request: WatchConfigRequest, desk: SteeringDesk,
    openCalls: OpenCalls
  ) throws(Status) {
    let conversation = stream.call.connection.attachment as? Conversation
    guard let control = conversation?.control, let speaker = control.speaker else {
      throw Status(
        .failedPrecondition,
        "open ControlService.Attach on this connection, say Hello and wait for Welcome; then Watch")
    }
    if let refusal = conversation?.refusal { throw refusal }
    guard speaker.id == request.hostID else {
      throw Status(
        .permissionDenied,
        "the control stream of this connection speaks for host \(speaker.id); a connection carries one host")
    }
    self.stream = stream
    self.desk = desk
    self.openCalls = openCalls
    hostID = request.hostID
    controlStream = control.stream
  }

  /// Starts to answer. The stream keeps this object for as long as the call is open.
  func start(_ request: WatchConfigRequest) {
    let watch = ConfigWatch(
      number: desk.counters.watchesEver.add(), hostID: hostID, stream: controlStream,
      call: WatchConfigOutlet(call: LoopBound(self, on: stream.call.connection.executor)))
    stream.onWritable = { self.becameWritable() }
    stream.onEnd = { _ in self.end(watch) }
    openCalls.add(self, stream.call)
    desk.counters.watches.rise()
    // The headers now: the collector sees that it is heard, though it may be long before there is something to say.
    stream.call.sendHeaders([:])
    desk.began(watch, request)
  }

  /// Tells the host what it is meant to run.
  func offer(_ update: ConfigUpdate) {
    guard isWritable else {
      waiting = update
      return
    }
    isWritable = stream.send(update)
  }

  /// Ends the call.
  func finish(_ status: Status) {
    stream.finish(status)
  }

  private func becameWritable() {
    isWritable = true
    guard let update = waiting else { return }
    waiting = nil
    offer(update)
  }

  private func end(_ watch: ConfigWatch) {
    desk.counters.watches.fall()
    openCalls.remove(self)
    desk.ended(watch)
  }
}
