import GRPC
import Logging
import Wire

/// A Push call: hands each message to its `IngestSession`, and the receipt to the connection's conversation.
final class PushCall: ServerCallHandler {
  private let service: CollectorService
  private let conversation: Conversation
  private let session: IngestSession
  private var hasWarned = false

  init(_ call: ServerCall, service: CollectorService) {
    self.service = service
    conversation = service.conversation(on: call.connection)
    session = IngestSession(
      fleet: service.fleet, address: call.connection.peer, listingIn: .shared(on: call.connection.buffers))
    service.fleet.counters.pushes.rise()
    service.openCalls.add(self, call)
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    let now = service.clock.now
    do throws(Status) {
      if let refusal = conversation.refusal { throw refusal }
      let receipt = try session.receive(message, speaker: conversation.speaker, at: now)
      conversation.received(receipt, at: now)
      service.frameTaken(now.instant)
      if receipt.seriesRefused > 0 { warn(receipt) }
    } catch {
      service.logger.warning(
        "frames refused",
        metadata: [
          "address": "\(call.connection.peer)", "status": "\(error.code)", "reason": "\(error.message)",
        ])
      call.finish(error)
    }
  }

  func halfClosed(on call: ServerCall) {
    conversation.acknowledgeNow()
    call.send(session.summary)
    call.finish(.ok)
  }

  func ended(on call: ServerCall, _ reason: CallEnd) {
    service.openCalls.remove(self)
    service.fleet.counters.pushes.fall()
    session.ended(at: service.clock.now)
  }

  /// Once per stream: the counter tells how many.
  private func warn(_ receipt: IngestReceipt) {
    guard !hasWarned else { return }
    hasWarned = true
    service.logger.warning(
      "series left out: the host has more than limits.series_per_host",
      metadata: [
        "host_id": "\(receipt.host.id)", "left_out": "\(receipt.seriesRefused)",
        "limit": "\(service.fleet.limits.seriesPerHost)",
      ])
  }
}
