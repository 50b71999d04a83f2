import GRPC
import Selection
import Settings
import Steering
import Wire

/// RolloutService.Plan: asks every selected host what a document would do there, and hands on the answers as they come.
///
/// A host is asked about all of its layers with the document among them; hosts with the same layers are asked by one
/// run of the command `plan-config`. While the reader does not read, answers wait in the runs, which are bounded.
final class PlanCall {
  /// Hosts may have so many different sets of layers.
  static let maximumRuns = 16
  /// How long answers are waited for.
  static let timeout: ClosedRange<UInt32> = 1000...60_000
  static let defaultTimeout: UInt32 = 10_000

  private let stream: ServerStream<PlanUpdate>
  private let service: RolloutService
  private var answers = PlanAnswers(asked: 0)
  /// Runs that are not read to their end.
  private var readers: [RunReader] = []
  /// What the first run that could not be begun came to.
  private var failure: Status?
  private var isWritable = true
  private var isEnded = false

  init(_ stream: ServerStream<PlanUpdate>, service: RolloutService) {
    self.stream = stream
    self.service = service
  }

  /// Checks the request and starts to answer. The stream keeps this object for as long as the call is open.
  ///
  /// - Throws: INVALID_ARGUMENT: the selector, the document (with its place) or the timeout is wrong.
  func start(_ request: PlanConfigRequest) throws(Status) {
    let timeout = request.timeoutMilliseconds == 0 ? Self.defaultTimeout : request.timeoutMilliseconds
    guard Self.timeout.contains(timeout) else {
      throw Status(
        .invalidArgument,
        "timeout_ms \(timeout): accepted are \(Self.timeout.lowerBound) to \(Self.timeout.upperBound), and 0 for \(Self.defaultTimeout)"
      )
    }
    let selector = try Selector(request: request.selector)
    let config = try CollectorConfig(document: request.yaml, file: request.file)
    stream.onWritable = { self.becameWritable() }
    stream.onEnd = { _ in self.end() }
    service.openCalls.add(self, stream.call)
    let bound = LoopBound(WeakReference(self), on: stream.call.connection.executor)
    service.desk.ask { steering, _ in
      steering.planned(config, for: selector)
    } then: { result in
      bound.execute { $0.object?.run(result, request, .milliseconds(Int64(timeout))) }
    }
  }

  private func run(
    _ plans: Result<[PlannedConfig], Status>, _ request: PlanConfigRequest, _ timeout: Duration
  ) {
    guard !isEnded else { return }
    do throws(Status) {
      let orders = try orders(try plans.get(), request, timeout)
      let bound = LoopBound(WeakReference(self), on: stream.call.connection.executor)
      for order in orders {
        readers.append(
          try service.runs.start(order, on: stream.call.connection.executor) {
            bound.execute { $0.object?.pump() }
          })
      }
      pump()
    } catch {
      stream.finish(error)
    }
  }

  private func orders(
    _ plans: [PlannedConfig], _ request: PlanConfigRequest, _ timeout: Duration
  ) throws(Status) -> [RunOrder] {
    guard plans.count <= Self.maximumRuns else {
      throw Status(
        .resourceExhausted,
        "the selected hosts have \(plans.count) different sets of layers; at most \(Self.maximumRuns) are planned at once: narrow the selector"
      )
    }
    let orders = plans.map { plan in
      RunOrder(
        action: .planConfig(plan.packed), selector: request.selector,
        hosts: plan.hosts.compactMap { service.fleet.host(id: $0) }, timeout: timeout,
        author: request.author, address: stream.call.connection.peer, auditAction: "config.plan")
    }.filter { !$0.hosts.isEmpty }
    answers = PlanAnswers(asked: UInt32(clamping: orders.reduce(0) { $0 + $1.hosts.count }))
    guard !orders.isEmpty else {
      throw Status(
        .failedPrecondition,
        "the selector \"\(request.selector)\" selects no host by its own labels; muster hosts shows what there is"
      )
    }
    return orders
  }

  private func becameWritable() {
    isWritable = true
    pump()
  }

  private func pump() {
    while isWritable, !isEnded {
      switch next() {
      case .update(let update):
        if let answer = answers.take(update) { isWritable = stream.send(answer) }
      case .nothing: return
      case .over(let status): return stream.finish(status)
      }
    }
  }

  /// What any of the runs has next; over: all of them are.
  private func next() -> RunReading {
    for reader in readers {
      switch reader.next() {
      case .update(let update): return .update(update)
      case .nothing: continue
      case .over(let status):
        if !status.isOK { failure = failure ?? status }
        reader.leave()
        readers.removeAll { $0 === reader }
      }
    }
    return readers.isEmpty ? .over(failure ?? .ok) : .nothing
  }

  private func end() {
    isEnded = true
    for reader in readers { reader.leave() }
    readers = []
    service.openCalls.remove(self)
  }
}
