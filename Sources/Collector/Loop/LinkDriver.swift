import GRPC
import Glibc
import Link
import Wire

/// Performs what the uplink decides on a real connection, and tells the uplink what came of it.
final class LinkDriver {
  private(set) var uplink: Uplink
  private let link: any LinkCarrier
  private let inbox = LinkInbox()
  private let log: ConnectionLog
  private var control: ClientCall?
  private var push: ClientCall?
  private var watch: ClientCall?
  /// What the aggregator wants of others than the uplink, until they take it.
  private var deliveries: [UplinkDelivery] = []
  /// Whether this connection's GOAWAY was told already.
  private var isGoAwayTold = false
  /// Where opening frames are made.
  private var scratch: [UInt8] = []
  /// Commands and configs that could not be decoded: of a newer aggregator, or broken.
  private(set) var undecodableCommands: UInt64 = 0

  init(uplink: consuming Uplink, link: any LinkCarrier, log: ConnectionLog) {
    self.uplink = uplink
    self.link = link
    self.log = log
  }

  var bytesSent: UInt64 { link.bytesSent }
  var bytesReceived: UInt64 { link.bytesReceived }

  /// What to poll.
  var poll: pollfd { pollfd(fd: link.descriptor, events: link.interest, revents: 0) }

  /// When `advance` wants to be called. What `change` has left to do is due already.
  var nextDeadline: Instant? {
    guard uplink.isActedOut else { return Instant(nanoseconds: .min) }
    return switch (uplink.nextDeadline, link.nextDeadline) {
    case (let one?, let other?): min(one, other)
    case (let one, let other): one ?? other
    }
  }

  func start(descriptors: [SeriesDescriptor], at now: Moment) {
    uplink.start()
    settle(descriptors, at: now)
  }

  func collected(
    _ frame: [UInt8], descriptors: [SeriesDescriptor], ending dictionary: [SeriesDescriptor]? = nil,
    at now: Moment
  ) {
    frame.withUnsafeBytes { uplink.collected($0, ending: dictionary) }
    settle(descriptors, at: now)
  }

  func stop(reason: String, descriptors: [SeriesDescriptor], at now: Moment) {
    uplink.stop(reason: reason, at: now)
    settle(descriptors, at: now)
  }

  func wallClockWasSet() { uplink.wallClockWasSet() }

  /// Changes something about the uplink; what follows from it is done by the next `advance`, `collected` or
  /// `carryOn`.
  func change(_ body: (inout Uplink) -> Void) { body(&uplink) }

  /// Does what the uplink wants done now, without waiting for the socket or the clock.
  func carryOn(descriptors: [SeriesDescriptor], at now: Moment) { settle(descriptors, at: now) }

  /// The next thing that the aggregator wants of others than the uplink.
  func takeDelivery() -> UplinkDelivery? { deliveries.isEmpty ? nil : deliveries.removeFirst() }

  /// Whether the Attach call would send an event at once: who has much to say waits for it.
  var isReadyForEvent: Bool {
    uplink.isAttached && uplink.waitingEvents == 0 && control?.isWritable == true
  }

  /// After a poll: what the socket wants, then what time wants. In this order, so that what arrived
  /// while the machine slept is heard before anything counts as overdue.
  func advance(revents: Int16, descriptors: [SeriesDescriptor], at now: Moment) {
    note(revents != 0 ? link.handle(revents: revents, at: now.instant) : nil)
    if let deadline = link.nextDeadline, deadline <= now.instant { note(link.tick(at: now.instant)) }
    deliver(at: now)
    uplink.tick(at: now)
    settle(descriptors, at: now)
  }

  /// Until nothing is left to tell or to do.
  private func settle(_ descriptors: [SeriesDescriptor], at now: Moment) {
    repeat {
      deliver(at: now)
      sendEvents()
      sendFrames(descriptors, at: now)
    } while perform(at: now)
  }

  private func note(_ event: LinkEvent?) {
    switch event {
    case nil: break
    case .connected: inbox.append(.link(.connected))
    case .failed(let error): inbox.append(.link(.failed(error.message)))
    case .closed(let error):
      inbox.dropLostCalls()
      inbox.append(.link(.closed(error?.message ?? "the aggregator closed it")))
    }
  }

  private func deliver(at now: Moment) {
    if !isGoAwayTold, let grpc = link.grpc, !grpc.acceptsCalls {
      isGoAwayTold = true
      uplink.goingAway(at: now)
    }
    while let event = inbox.take() {
      switch event {
      case .link(.connected): uplink.linkConnected(at: now)
      case .link(.failed(let reason)): uplink.linkFailed(reason, at: now)
      case .link(.closed(let reason)): uplink.linkClosed(reason, at: now)
      case .command(let command): uplink.received(command, at: now)
      case .update(let update): uplink.received(update, at: now)
      case .undecodable: undecodableCommands += 1
      case .controlEnded(let status): uplink.controlEnded(status, at: now)
      case .pushEnded(let status): uplink.pushEnded(status, at: now)
      case .watchEnded(let status): uplink.watchEnded(status, at: now)
      }
    }
  }

  private func sendEvents() {
    guard let control else { return }
    while control.isWritable, let event = uplink.takeEvent() { control.send(event) }
  }

  private func sendFrames(_ descriptors: [SeriesDescriptor], at now: Moment) {
    guard let push else { return }
    while push.isWritable, !push.isEnded,
      uplink.takeFrame(
        descriptors: descriptors, scratch: &scratch, at: now,
        { frame in _ = push.sendMessage { $0.append(contentsOf: frame) } })
    {}
    // An opening frame is large and rare.
    if scratch.capacity > Self.keptScratchBytes { scratch = [] }
  }

  private static let keptScratchBytes = 16 * 1024

  /// Performs all actions and gives the socket what it takes; false when nothing follows from it.
  private func perform(at now: Moment) -> Bool {
    var didAct = false
    while let action = uplink.nextAction() {
      didAct = true
      perform(action, at: now)
    }
    let wereFull = [push, control].filter { $0?.isWritable == false }
    note(link.flush(at: now.instant))
    // A socket that took it all tells nobody when there is room again.
    return didAct || !inbox.isEmpty || wereFull.contains { $0?.isWritable == true }
  }

  private func perform(_ action: UplinkAction, at now: Moment) {
    switch action {
    case .connect:
      isGoAwayTold = false
      link.open(at: now.instant)
    case .openControl(let hello):
      control = start(MusterService.attach.path, ControlHandler(inbox), at: now) { .controlEnded($0) }
      control?.send(CollectorEvent(sequence: 1, body: .hello(hello)))
    case .sendControl(let event): control?.send(event)
    case .finishControl: control?.halfClose()
    case .openWatch(let request):
      watch = start(MusterService.watchConfig.path, WatchHandler(inbox), at: now) { .watchEnded($0) }
      watch?.send(request)
      watch?.halfClose()
    case .closeWatch: watch?.cancel()
    case .deliver(let delivery): deliveries.append(delivery)
    case .openPush: push = start(MusterService.pushPath, PushHandler(inbox), at: now) { .pushEnded($0) }
    case .finishPush: push?.halfClose()
    case .closeLink: closeLink()
    case .report(let report): log.write(report, peer: link.peer, at: now.instant)
    case .stopped: break
    }
  }

  private func start(
    _ path: String, _ handler: any ClientCallHandler, at now: Moment,
    failed: (Status) -> LinkInbox.Event
  ) -> ClientCall? {
    do {
      guard let grpc = link.grpc else { throw Status(.unavailable, "the connection is gone") }
      return try grpc.start(path, at: now.instant, handler: handler)
    } catch {
      inbox.append(failed(error as? Status ?? Status(.internalError, "\(error)")))
      return nil
    }
  }

  /// What the calls of the old connection say while it closes concerns nobody.
  private func closeLink() {
    link.close()
    inbox.clear()
    control = nil
    push = nil
    watch = nil
  }
}
