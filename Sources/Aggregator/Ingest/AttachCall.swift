import GRPC
import Logging
import Wire

/// An Attach call: hands each event to its `ControlSession`, sends what comes back, and tells the log who came and went.
final class AttachCall: ServerCallHandler {
  /// Leads from other loops to the call for as long as it is there.
  private final class Doorway {
    weak var attach: AttachCall?
  }

  private let service: CollectorService
  private let conversation: Conversation
  private let call: ServerCall
  private var session: ControlSession
  private var goodbye: String?
  private var name: Logger.Metadata = [:]
  private var timerDue: Instant?

  init(_ call: ServerCall, service: CollectorService) {
    self.service = service
    self.call = call
    conversation = service.conversation(on: call.connection)
    let doorway = Doorway()
    let bound = LoopBound(doorway, on: call.connection.executor)
    let line = ControlLine(token: service.fleet.counters.attachmentsEver.add()) { message in
      bound.execute { $0.attach?.take(message) }
    }
    session = ControlSession(fleet: service.fleet, address: call.connection.peer, line: line)
    doorway.attach = self
    conversation.opened(self)
    service.fleet.counters.attachments.rise()
    service.openCalls.add(self, call)
  }

  /// The host this stream speaks for.
  var speaker: Host? { session.host }

  /// The number of this stream, as steering knows it.
  var stream: UInt64 { session.line.token }

  /// Sends an acknowledgement.
  func acknowledge(_ acknowledge: Acknowledge) {
    call.send(AggregatorCommand.acknowledge(acknowledge))
  }

  /// Sends a command. A collector that does not read loses its stream when the call's buffer is full.
  private func send(_ command: AggregatorCommand) {
    conversation.acknowledgeNow()
    call.send(command)
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    let now = service.clock.now
    step(at: now, bytes: message.count) { session throws(Status) in
      let event = try CollectorEvent(decoding: message)
      let actions = try session.receive(event, at: now)
      if case .hello(let hello) = event.body { introduced(hello) }
      if case .goodbye(let said) = event.body { goodbye = said.reason }
      return actions
    }
  }

  func halfClosed(on call: ServerCall) {
    call.finish(.ok)
  }

  func ended(on call: ServerCall, _ reason: CallEnd) {
    service.openCalls.remove(self)
    service.fleet.counters.attachments.fall()
    if session.greeting != nil { parted(reason) }
    conversation.closed(self)
    session.ended(at: service.clock.now)
  }

  /// What another loop has for this stream.
  private func take(_ message: ControlLine.Message) {
    switch message {
    case .command(let command): send(command)
    case .packed(let bytes):
      conversation.acknowledgeNow()
      call.sendMessage { $0 += bytes }
    case .signal(let signal):
      let now = service.clock.now
      step(at: now) { session throws(Status) in try session.receive(signal, at: now) }
    }
  }

  /// One step of the session, and what follows from it.
  private func step(
    at now: Moment, bytes: Int = 0, _ body: (inout ControlSession) throws(Status) -> [ControlAction]
  ) {
    do throws(Status) {
      let wasGreeted = session.greeting != nil
      for action in try body(&session) { perform(action, bytes, at: now) }
      if !wasGreeted, let greeting = session.greeting { greeted(greeting) }
      setTimer(at: now)
    } catch {
      refused(error)
      call.finish(error)
    }
  }

  private func perform(_ action: ControlAction, _ bytes: Int, at now: Moment) {
    switch action {
    case .send(let command): send(command)
    case .output(let output): service.fleet.output(output, bytes: bytes, from: session.host)
    case .result(let result): service.fleet.result(result, from: session.host)
    case .end(let status):
      refused(status)
      conversation.refuse(status)
      call.finish(status)
    }
  }

  private func setTimer(at now: Moment) {
    guard let deadline = session.deadline, deadline != timerDue else { return }
    timerDue = deadline
    service.clock.schedule(after: max(.zero, deadline - now.instant)) { [weak self] in
      guard let self, !self.call.isEnded else { return }
      let now = self.service.clock.now
      self.step(at: now) { session throws(Status) in try session.tick(at: now) }
    }
  }
}

// MARK: - For the log

extension AttachCall {
  private func introduced(_ hello: Hello) {
    name = [
      "instance": "\(hello.instance)", "host_id": "\(hello.hostID)", "address": "\(call.connection.peer)",
      "version": "\(hello.collectorVersion)", "kernel": "\(hello.kernelRelease)",
      "interval_ms": "\(hello.intervalMilliseconds)", "epoch": "\(hello.epoch)",
    ]
    if !hello.rekeyedFrom.isEmpty { name["cloned_from"] = "\(hello.rekeyedFrom)" }
  }

  private func greeted(_ greeting: Greeting) {
    conversation.welcomed()
    var details = name
    details["new"] = greeting.isNewHost ? "true" : nil
    details["acknowledged"] = session.host.map { host in
      "\(host.withRecord { $0.ledger.highest(of: session.epoch) })"
    }
    service.logger.info("collector connected", metadata: details)
    if greeting.supersedes {
      service.logger.warning("its earlier connection did not answer, and was ended", metadata: shortName)
    }
  }

  private func refused(_ status: Status) {
    var details = shortName
    details["address"] = "\(call.connection.peer)"
    details["status"] = "\(status.code)"
    details["reason"] = "\(status.message)"
    service.logger.warning("control stream refused", metadata: details)
  }

  private func parted(_ reason: CallEnd) {
    if let goodbye {
      service.logger.info("collector stopped", metadata: shortName.merging(["reason": "\(goodbye)"]) { $1 })
    } else {
      service.logger.info(
        "collector disconnected", metadata: shortName.merging(["reason": "\(reason.sentence)"]) { $1 })
    }
  }

  private var shortName: Logger.Metadata {
    name.filter { ["instance", "host_id", "address"].contains($0.key) }
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
