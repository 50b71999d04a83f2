import GRPC
import Wire

/// What the calls of one connection share: its control stream, what that stream has to acknowledge, and whether frames
/// are taken.
///
/// Lives on the connection's loop, as the connection's `attachment`.
final class Conversation {
  private let clock: any ServiceClock
  private var acknowledgements: Acknowledgements
  private var isTimerSet = false

  /// The connection's open control stream: until it says that it is over, as each does.
  private(set) var control: AttachCall?
  /// Why frames of this connection are refused; `nil`: they are not.
  private(set) var refusal: Status?

  private init(_ settings: AcknowledgementSettings, clock: any ServiceClock) {
    self.clock = clock
    acknowledgements = Acknowledgements(settings)
  }

  /// The conversation on a connection, begun with its first call.
  static func on(
    _ connection: ServerConnection, _ settings: AcknowledgementSettings, clock: any ServiceClock
  ) -> Conversation {
    if let conversation = connection.attachment as? Conversation { return conversation }
    let conversation = Conversation(settings, clock: clock)
    connection.attachment = conversation
    return conversation
  }

  /// The host that the connection's control stream speaks for.
  var speaker: Host? { control?.speaker }

  /// A control stream was opened: who it is must be settled before frames are taken.
  func opened(_ control: AttachCall) {
    if self.control == nil {
      refusal = Status(
        .failedPrecondition,
        "a control stream is open on this connection, and has not been welcomed; send frames after Welcome")
    }
    self.control = control
  }

  /// The control stream speaks for its host. The Welcome has said what has arrived.
  func welcomed() {
    refusal = nil
    acknowledgements.told()
  }

  /// The connection is another host's than it says, or no longer this one's.
  func refuse(_ status: Status) {
    refusal = status
  }

  /// The control stream is over.
  func closed(_ control: AttachCall) {
    if self.control === control { self.control = nil }
  }

  /// A frame has arrived.
  func received(_ receipt: IngestReceipt, at now: Moment) {
    send(acknowledgements.received(epoch: receipt.epoch, sequence: receipt.highest, at: now.instant))
    setTimer(at: now)
  }

  /// Something goes out on the control stream, or no more frames come: what waits to be acknowledged goes, too.
  func acknowledgeNow() {
    guard refusal == nil else { return }
    send(acknowledgements.takeWaiting(at: clock.now.instant))
  }

  private func setTimer(at now: Moment) {
    guard !isTimerSet, let deadline = acknowledgements.deadline else { return }
    isTimerSet = true
    clock.schedule(after: max(.zero, deadline - now.instant)) { self.timerFired() }
  }

  private func timerFired() {
    isTimerSet = false
    let now = clock.now
    send(acknowledgements.due(at: now.instant))
    setTimer(at: now)
  }

  /// Without a control stream nobody listens; the Welcome of the next one says it all.
  private func send(_ acknowledge: Acknowledge?) {
    if let acknowledge, let control, control.speaker != nil { control.acknowledge(acknowledge) }
  }
}
