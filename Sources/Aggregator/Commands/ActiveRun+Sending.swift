import GRPC
import Wire

extension ActiveRun {
  /// Sends the command to every host that can carry it out, `delay` after it was asked for.
  func send(sentAfter delay: Duration) {
    let rest = (order.timeToLive ?? order.timeout) - delay
    guard rest > .zero, delay < order.timeout else {
      return change { run in
        run.begin(
          order.hosts.map { _ in .settled(.expired, reason: "its time to live had passed before it was sent")
          })
      }
    }
    let kind = order.action.kind.rawValue
    let lines = order.hosts.map { $0.line(for: kind) }
    // Before anything is sent: an answer must find its host waiting.
    change { run in run.begin(lines.map(\.start)) }
    guard !isOver else { return }
    let packed = packedCommand(timeToLive: rest)
    for (host, line) in zip(order.hosts, lines) {
      guard case .open(let line) = line else { continue }
      line.tell(.packed(packed))
      // A stream that ended just before the run had its number has not told us.
      if host.withRecord({ $0.controller !== line }) { change { $0.lost(host.id, stream: line.token) } }
    }
  }

  private func packedCommand(timeToLive: Duration) -> [UInt8] {
    let command = Command(
      id: commandID, timeToLiveMilliseconds: max(1, timeToLive.wholeMilliseconds),
      timeoutMilliseconds: order.timeout.wholeMilliseconds,
      outputLimitBytes: UInt32(clamping: order.outputLimitBytes), idempotencyKey: order.idempotencyKey,
      role: order.action.kind.role, action: order.action)
    var bytes: [UInt8] = []
    AggregatorCommand.run(command).encode(into: &bytes)
    return bytes
  }
}

/// Whether a host can be reached, and knows the command.
private enum HostLine {
  case open(ControlLine)
  case unreachable
  case unsupported(version: String)

  var start: CommandRun.Start {
    switch self {
    case .open(let line): .sent(stream: line.token)
    case .unreachable: .settled(.unreachable, reason: "not connected")
    case .unsupported(let version):
      .settled(.unsupported, reason: "its collector (\(version)) does not know the command")
    }
  }
}

extension Host {
  fileprivate func line(for command: String) -> HostLine {
    withRecord { record in
      guard let line = record.controller else { return .unreachable }
      guard record.capabilities.contains(command) else {
        return .unsupported(version: record.system.collectorVersion)
      }
      return .open(line)
    }
  }
}
