import GRPC
import Glibc
import Link
import LoadLoop
import Wire

/// One reader of all hosts: how old a frame is, by the time that was stamped on it before it was packed, when its values
/// arrive here.
final class TailReader {
  private let link: Link
  private let pattern: String
  private let time: Duration
  private let epoll: Epoll
  private var failure: String?
  private var delays: [Duration] = []
  private var skipped: UInt64 = 0

  init(_ options: Options) throws {
    link = Link(target: options.target, tls: nil, configuration: ClientConfiguration())
    pattern = options.pattern
    time = .seconds(options.seconds)
    epoll = try Epoll(owners: 1)
  }

  func run() throws -> Report {
    link.open(at: monotonic())
    let end = monotonic() + time
    while monotonic() < end {
      try epoll.watch(0, link.descriptor, for: link.interest)
      let now = monotonic()
      try take(link.tick(at: now))
      let next = min(end, link.nextDeadline ?? end)
      try epoll.wait(next - now) { _, events in try take(link.handle(revents: events, at: monotonic())) }
    }
    link.close()
    guard !delays.isEmpty else { throw LoadError("no frame of \(pattern) came") }
    var report = Report()
    report.add("frames", delays.count)
    report.add("skipped", Int(skipped))
    report.add(latencies: delays)
    return report
  }

  private func take(_ event: LinkEvent?) throws {
    switch event {
    case .connected: try ask()
    case .failed(let error): throw LoadError("\(error)")
    case .closed(let error): throw LoadError(error.map { "\($0)" } ?? "closed by the aggregator")
    case nil: break
    }
    if let failure { throw LoadError(failure) }
  }

  private func ask() throws {
    let reader = ResponseReader<TailUpdate> { [unowned self] update, _ in
      skipped += update.skippedFrames
      let now = wallMicroseconds()
      for frame in update.frames { delays.append(.microseconds(now - frame.timeMicroseconds)) }
    } onEnd: { [unowned self] status, _ in
      failure = "\(status)"
    }
    try link.grpc?.serverStreaming(
      MusterService.tail, TailRequest(selector: "instance=load-*", pattern: pattern), reader)
  }
}
