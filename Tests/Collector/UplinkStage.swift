import GRPC
import Testing
import Wire

@testable import Collector

/// An uplink in virtual time, an aggregator played by the test, and a transcript of all that the
/// uplink wants done. Frames are decoded as a receiver would: each carries one series whose value is
/// 100 times its sequence, so a torn chain of differences shows. In every other dictionary another series lies
/// before it, so that a dictionary taken for another shows, too.
final class UplinkStage {
  var uplink: Uplink
  var now = Moment(instant: Instant(nanoseconds: 0), wallMicroseconds: 1_000_000_000)
  /// Frames the Push call takes before it is full.
  var room = Int.max
  /// Every frame that arrived whole, in order.
  private(set) var received: [UInt64] = []
  private var encoder = FrameEncoder()
  private var decoder = FrameDecoder()
  private var scratch: [UInt8] = []
  private var descriptors = [SeriesDescriptor("test_total", kind: .counter)]
  private var mustCompact = false

  init(_ settings: UplinkSettings = UplinkSettings(), seed: UInt64 = 1) {
    let hello = Hello(
      hostID: String(repeating: "a", count: 32), bootID: "b", epoch: 7, instance: "web-1",
      labels: [Label("env", "test")], intervalMilliseconds: 5000, wallTimeMicroseconds: 0)
    uplink = Uplink(hello: hello, settings: settings, seed: seed)
  }

  /// What came of an event: actions and frames, in order.
  func after(_ event: (inout Uplink, Moment) -> Void) -> [String] {
    event(&uplink, now)
    return drain()
  }

  func wait(_ duration: Duration) -> [String] {
    pass(duration)
    uplink.tick(at: now)
    return drain()
  }

  /// Lets time pass to the next deadline, whatever it is.
  func waitForDeadline() -> [String] {
    guard let deadline = uplink.nextDeadline else { return ["no deadline"] }
    return wait(max(.zero, deadline - now.instant))
  }

  func pass(_ duration: Duration) {
    now.instant += duration
    now.wallMicroseconds += duration.saturatedMicroseconds
  }

  /// Takes a sample and hands it over.
  func collect(_ count: Int = 1) -> [String] {
    for _ in 0..<count {
      let ended = mustCompact ? beginDictionary() : nil
      let frame = encode(uplink.nextSequence)
      frame.withUnsafeBytes { uplink.collected($0, ending: ended) }
    }
    return drain()
  }

  /// The next sample describes everything anew.
  func compact() { mustCompact = true }

  private func beginDictionary() -> [SeriesDescriptor] {
    mustCompact = false
    let ended = descriptors
    encoder = FrameEncoder()
    descriptors = [SeriesDescriptor("test_total", kind: .counter)]
    if ended.count == 1 { descriptors.insert(SeriesDescriptor("other", kind: .gauge), at: 0) }
    return ended
  }

  func connect(acknowledged: UInt64 = 0) -> [String] {
    after { $0.linkConnected(at: $1) } + welcome(acknowledged)
  }

  func welcome(_ acknowledged: UInt64 = 0) -> [String] {
    after {
      $0.received(
        .welcome(
          Welcome(
            aggregatorVersion: "1", wallTimeMicroseconds: $1.wallMicroseconds,
            acknowledgedSequence: acknowledged)), at: $1)
    }
  }

  func acknowledge(_ sequence: UInt64, epoch: UInt64 = 7) -> [String] {
    after { $0.received(.acknowledge(Acknowledge(epoch: epoch, sequence: sequence)), at: $1) }
  }

  func reply(_ id: UInt64, offset: Int64 = 0) -> [String] {
    after {
      $0.received(
        .heartbeat(HeartbeatReply(id: id, wallTimeMicroseconds: $1.wallMicroseconds + offset)), at: $1)
    }
  }

  var balance: String {
    "\(uplink.ring.collected) = \(uplink.ring.acknowledged) + \(uplink.ring.count) + \(uplink.ring.dropped)"
  }

  private func encode(_ sequence: UInt64) -> [UInt8] {
    var frame: [UInt8] = []
    let values = [Int64(7), Int64(sequence) * 100].suffix(descriptors.count)
    values.withUnsafeBufferPointer { values in
      _ = [true, true].suffix(descriptors.count).withUnsafeBufferPointer { present in
        encoder.encode(
          sequence: sequence, wallTimeMicroseconds: now.wallMicroseconds,
          monotonicMicroseconds: UInt64(now.instant.nanoseconds / 1000), descriptors: descriptors,
          values: values, present: present, into: &frame)
      }
    }
    return frame
  }

  private func drain() -> [String] {
    var lines: [String] = []
    while true {
      while let action = uplink.nextAction() { lines.append(show(action)) }
      var taken: String?
      let didTake =
        room > 0
        && uplink.takeFrame(descriptors: descriptors, scratch: &scratch, at: now) { taken = receive($0) }
      guard didTake, let taken else {
        if uplink.isActedOut { return lines }
        continue
      }
      room -= 1
      lines.append(taken)
    }
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> String {
    do {
      let line = try decoder.decode(bytes) { frame in
        received.append(frame.sequence)
        return "frame \(frame.sequence)" + (frame.opening.map { " opens \($0.instance)/\($0.epoch)" } ?? "")
      }
      let place = decoder.descriptors.firstIndex { $0.name == "test_total" }
      return line + " value \(place.flatMap(decoder.rawValue) ?? -1)"
    } catch {
      return "broken frame: \(error)"
    }
  }

  private func show(_ action: UplinkAction) -> String {
    switch action {
    case .connect: return "connect"
    case .openControl(let hello): return "hello \(hello.instance)/\(hello.epoch)"
    case .sendControl(let event): return show(event)
    case .openWatch(let request): return "watch from \(show(request.runningSHA256))"
    case .closeWatch: return "close watch"
    case .deliver(let delivery): return show(delivery)
    case .finishControl: return "finish control"
    case .openPush:
      decoder = FrameDecoder()
      return "open push"
    case .finishPush: return "finish push"
    case .closeLink: return "close"
    case .stopped: return "stopped"
    case .report(let report): return "report \(show(report))"
    }
  }

  /// The numbers of events that were said, in order.
  private(set) var numbers: [UInt64] = []
  /// The last Hello that was said because it was asked for.
  private(set) var fullReport: Hello?
  /// The last heartbeat that was said.
  private(set) var lastHeartbeat: Heartbeat?

  /// What waits to be said on the control stream.
  func events() -> [String] {
    var lines: [String] = []
    while let event = uplink.takeEvent() { lines.append(show(event)) }
    return lines
  }

  private func show(_ event: CollectorEvent) -> String {
    numbers.append(event.sequence)
    switch event.body {
    case .heartbeat(let heartbeat):
      lastHeartbeat = heartbeat
      return "heartbeat \(heartbeat.id)"
    case .goodbye(let goodbye): return "goodbye \(goodbye.reason)"
    case .hello(let hello):
      fullReport = hello
      return "second hello"
    case .output(let output): return "output \(output.id)/\(output.part)"
    case .result(let result): return "result \(result.id) \(result.outcome)"
    case .configStatus(let status): return "config \(show(status.sha256)) \(status.state)"
    case .probeReply(let id): return "probe reply \(id)"
    }
  }

  private func show(_ delivery: UplinkDelivery) -> String {
    switch delivery {
    case .run(let command): "run \(command.id)"
    case .cancel(let id): "cancel \(id)"
    case .confirmed(let sha256): "confirmed \(show(sha256))"
    case .offered(let update): "offered \(show(update.sha256))"
    case .rekey(let reason): "rekey: \(reason)"
    }
  }

  private func show(_ sha256: [UInt8]) -> String { sha256.first.map { "\($0)" } ?? "nothing" }

  private func show(_ report: UplinkReport) -> String {
    switch report {
    case .connected(_, let buffered): "connected, \(buffered) waiting"
    case .unreachable(let reason, _): "unreachable: \(reason)"
    case .lost(let reason, _): "lost: \(reason)"
    case .refused(let status, _): "refused: \(status)"
    case .goingAway: "going away"
    case .reconnecting: "reconnecting"
    case .rekeyed(let reason, _): "rekeyed: \(reason)"
    case .overrun(let dropped): "overrun, \(dropped) dropped"
    case .stopped(let unacknowledged): "stopped, \(unacknowledged) unacknowledged"
    }
  }
}
