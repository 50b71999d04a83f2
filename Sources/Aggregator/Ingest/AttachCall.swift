import GRPC
import Logging
import Wire

/// An Attach call: hands each event to its `ControlSession`, sends what comes back, and tells the log who came and went.
final class AttachCall: ServerCallHandler {
  private let service: CollectorService
  private let conversation: Conversation
  private let call: ServerCall
  private var session: ControlSession
  private var goodbye: String?
  private var name: Logger.Metadata = [:]

  init(_ call: ServerCall, service: CollectorService) {
    self.service = service
    self.call = call
    conversation = service.conversation(on: call.connection)
    session = ControlSession(fleet: service.fleet, address: call.connection.peer)
    service.fleet.counters.attachments.rise()
    service.openCalls.add(self, call)
  }

  /// The host this stream speaks for.
  var speaker: Host? { session.host }

  /// Sends a command. A collector that does not read loses its stream when the call's buffer is full.
  func send(_ command: AggregatorCommand) {
    call.send(command)
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    let now = service.clock.now
    do throws(Status) {
      let event = try CollectorEvent(decoding: message)
      let answer = try session.receive(event, at: now)
      if case .hello(let hello) = event { greeted(hello, answer) }
      if case .goodbye(let said) = event { goodbye = said.reason }
      if let answer { call.send(answer) }
    } catch {
      service.logger.warning(
        "control stream refused",
        metadata: [
          "address": "\(call.connection.peer)", "status": "\(error.code)", "reason": "\(error.message)",
        ])
      call.finish(error)
    }
  }

  func halfClosed(on call: ServerCall) {
    call.finish(.ok)
  }

  func ended(on call: ServerCall, _ reason: CallEnd) {
    service.openCalls.remove(self)
    service.fleet.counters.attachments.fall()
    if session.greeting != nil { parted(reason) }
    session.ended(at: service.clock.now)
  }

  private func greeted(_ hello: Hello, _ answer: AggregatorCommand?) {
    conversation.control = self
    conversation.welcomed()
    name = [
      "instance": "\(hello.instance)", "host_id": "\(hello.hostID)", "address": "\(call.connection.peer)",
    ]
    var details = name
    details["version"] = "\(hello.collectorVersion)"
    details["kernel"] = "\(hello.kernelRelease)"
    details["interval_ms"] = "\(hello.intervalMilliseconds)"
    details["epoch"] = "\(hello.epoch)"
    if case .welcome(let welcome) = answer { details["acknowledged"] = "\(welcome.acknowledgedSequence)" }
    details["new"] = session.greeting?.isNewHost == true ? "true" : nil
    service.logger.info("collector connected", metadata: details)
    if session.greeting?.supersedes == true {
      service.logger.warning(
        "connected twice: if this was no reconnect, two machines share a host_id; the newest speaks for it",
        metadata: name)
    }
  }

  private func parted(_ reason: CallEnd) {
    if let goodbye {
      service.logger.info("collector stopped", metadata: name.merging(["reason": "\(goodbye)"]) { $1 })
    } else {
      service.logger.info(
        "collector disconnected", metadata: name.merging(["reason": "\(reason.sentence)"]) { $1 })
    }
  }
}

extension CallEnd {
  /// For the log.
  fileprivate var sentence: String {
    switch self {
    case .finished: "control stream closed"
    case .cancelled: "cancelled by the collector"
    case .deadlineExceeded: "its deadline passed"
    case .connectionLost: "connection lost"
    }
  }
}
