import GRPC
import GRPCNIO
import Wire

/// Follows a rollout until it is over, over losses of the aggregator, or until the operator has seen enough.
struct RolloutFollower: Sendable {
  /// Between two attempts to reach an aggregator that went away.
  private static let retryDelay = Duration.seconds(1)
  private static let redrawInterval = Duration.seconds(1)

  let aggregator: AggregatorOptions
  let output: OutputFormat

  /// How following ended.
  private enum Ending: Sendable {
    case over
    case detached
    case failed(any Error)
    case nothing
  }

  /// Shows the rollout until its end. Throws when it was taken back, and when it is left to itself.
  func follow(_ id: UInt64, from rollout: Rollout? = nil) async throws {
    let screen = RolloutScreen(output: output)
    if let rollout { try await screen.show(rollout) }
    let interrupts = Interrupts()
    let ending = await withTaskGroup(of: Ending.self) { tasks in
      tasks.addTask { await watch(id, screen) }
      tasks.addTask { await interrupts.first() ? .detached : .nothing }
      tasks.addTask {
        while !Task.isCancelled {
          await screen.draw()
          try? await Task.sleep(for: Self.redrawInterval)
        }
        return .nothing
      }
      let first = await tasks.next() ?? .nothing
      tasks.cancelAll()
      return first
    }
    await screen.end()
    try finish(ending, id: id, last: await screen.last)
  }

  private func finish(_ ending: Ending, id: UInt64, last: Rollout?) throws {
    switch ending {
    case .failed(let error): throw error
    case .detached:
      StandardError.write(
        """
        rollout \(id) goes on without you.
        Watch it: muster config watch \(id)   Take it back: muster config abort \(id)

        """)
      throw CommandFailure.silent(.interrupted)
    case .over, .nothing:
      guard let last, let ending = RolloutEnding(last) else { return }
      if output == .table { StandardOutput.write(ending.text + "\n") }
      if ending.isFailure { throw CommandFailure.silent(.notAllWell) }
    }
  }

  private func watch(_ id: UInt64, _ screen: RolloutScreen) async -> Ending {
    while !Task.isCancelled {
      do {
        let client = try await aggregator.connect()
        let updates = try await client.serverStreaming(
          MusterService.watchRollout, WatchRolloutRequest(id: id))
        for try await rollout in updates {
          try await screen.show(rollout)
          if rollout.state.isOver {
            await client.close()
            return .over
          }
        }
        await screen.lose("it ended the stream")
      } catch let status as Status {
        // The operator has seen enough, and this ended the call.
        if Task.isCancelled { return .nothing }
        guard status.code.mayPass else {
          return .failed(CommandFailure(status, aggregator: aggregator.address))
        }
        await screen.lose(status.message)
      } catch let failure as CommandFailure {
        guard failure.code == .unavailable || failure.code == .timedOut else { return .failed(failure) }
        await screen.lose(failure.description.split(separator: "\n").first.map(String.init) ?? "")
      } catch {
        return .failed(error)
      }
      try? await Task.sleep(for: Self.retryDelay)
    }
    return .nothing
  }
}

extension StatusCode {
  /// Whether asking again later may help: an aggregator that is restarted, a cut.
  fileprivate var mayPass: Bool {
    switch self {
    case .unavailable, .deadlineExceeded, .aborted, .cancelled, .resourceExhausted, .unknown: true
    default: false
    }
  }
}
