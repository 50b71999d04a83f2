import GRPC
import Logging
import Wire

/// What collectors call: MetricsService.Push and ControlService.Attach.
struct CollectorService: Sendable {
  let fleet: Fleet
  let clock: any ServiceClock
  let acknowledgement: AcknowledgementSettings
  let openCalls: OpenCalls
  let logger: Logger
  /// Hears of each frame on the loop that took it, so that loops can pace themselves.
  var frameTaken: @Sendable (Instant) -> Void = { _ in }

  func register(in router: inout Router) {
    router.register(MusterService.pushPath) { call throws(Status) in PushCall(call, service: self) }
    router.register(MusterService.attach.path) { call throws(Status) in
      guard conversation(on: call.connection).control == nil else {
        throw Status(
          .failedPrecondition,
          "this connection has a control stream already; end that one first, or open another connection")
      }
      return AttachCall(call, service: self)
    }
  }

  func conversation(on connection: ServerConnection) -> Conversation {
    Conversation.on(connection, acknowledgement, clock: clock)
  }
}
