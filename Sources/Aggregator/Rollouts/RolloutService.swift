import GRPC
import Steering
import Wire

/// RolloutService, and the collectors' ConfigService: what operators want of configuration, and who is told what.
///
/// Orders are answered when they are durable, so every method is registered as one that answers later; on the wire it
/// is the same. The streaming answers are objects of their own (`WatchConfigCall`, `WatchRolloutCall`, `PlanCall`).
struct RolloutService: Sendable {
  let fleet: Fleet
  let desk: SteeringDesk
  let runs: CommandRuns
  let openCalls: OpenCalls

  func register(in router: inout Router) {
    router.serverStreaming(MusterService.watchConfig) { request, stream throws(Status) in
      try WatchConfigCall(stream, request, desk: desk, openCalls: openCalls).start(request)
    }
    router.serverStreaming(MusterService.watchRollout) { request, stream throws(Status) in
      WatchRolloutCall(stream, desk: desk, openCalls: openCalls).start(request)
    }
    router.serverStreaming(MusterService.planConfig) { request, stream throws(Status) in
      try PlanCall(stream, service: self).start(request)
    }
    registerOrders(in: &router)
    registerQuestions(in: &router)
  }

  private func registerOrders(in router: inout Router) {
    router.serverStreaming(MusterService.pushConfig) { request, stream throws(Status) in
      order(.push(request), by: request.author, stream)
    }
    router.serverStreaming(MusterService.steerRollout) { request, stream throws(Status) in
      order(.steer(request), by: request.author, stream)
    }
    router.serverStreaming(MusterService.rollBack) { request, stream throws(Status) in
      order(.rollBack(request), by: request.author, stream)
    }
  }

  private func registerQuestions(in router: inout Router) {
    router.serverStreaming(MusterService.listConfigs) { request, stream throws(Status) in
      ask(stream) { steering, _ throws(Status) in
        ListConfigsResponse(documents: try steering.documents(request))
      }
    }
    router.serverStreaming(MusterService.getConfig) { request, stream throws(Status) in
      ask(stream) { steering, _ throws(Status) in
        if let document = steering.document(request.version) { return document }
        throw Status(
          .notFound,
          "there is no config version \(request.version); ListConfigs with history names those there are")
      }
    }
    router.serverStreaming(MusterService.explainConfig) { request, stream throws(Status) in
      ask(stream) { steering, _ throws(Status) in try steering.explain(request.host) }
    }
    router.serverStreaming(MusterService.listRollouts) { request, stream throws(Status) in
      ask(stream) { steering, now throws(Status) in
        ListRolloutsResponse(rollouts: steering.rollouts(request, at: now))
      }
    }
  }

  private func order(_ order: SteeringOrder, by author: String, _ stream: ServerStream<Rollout>) {
    let bound = LoopBound(stream, on: stream.call.connection.executor)
    desk.order(order, by: Asker(author: author, address: stream.call.connection.peer)) { result in
      bound.execute { $0.finish(result) }
    }
  }

  private func ask<Answer: GRPCMessage & Sendable>(
    _ stream: ServerStream<Answer>,
    _ question: @escaping @Sendable (Steering, Moment) throws(Status) -> Answer
  ) {
    let bound = LoopBound(stream, on: stream.call.connection.executor)
    desk.ask(question) { result in bound.execute { $0.finish(result) } }
  }
}

extension ServerStream {
  /// Answers with one last message, or with the status that there is instead.
  func finish(_ result: Result<Response, Status>) {
    switch result {
    case .success(let response): finish(with: response)
    case .failure(let status): finish(status)
    }
  }
}
