import GRPC
import Steering
import Wire

extension Host {
  /// Sends a command down the host's control stream. False: it has none; nothing was sent. True is no promise that it
  /// arrives: the stream may be over before its loop gets to it.
  @discardableResult
  func send(_ command: AggregatorCommand) -> Bool {
    guard let line = withRecord({ $0.controller }) else { return false }
    line.tell(.command(command))
    return true
  }

  /// The same, down the control stream of this number or none.
  func send(_ command: AggregatorCommand, over stream: UInt64) -> Bool {
    guard let line = withRecord({ $0.controller }), line.token == stream else { return false }
    line.tell(.command(command))
    return true
  }

  /// Whether an operator took the host out of the fleet.
  var isRetired: Bool { withRecord { $0.presence.isRetired } }

  /// Whether this is the aggregator's own row.
  var isOwn: Bool { withRecord { $0.isOwn } }

  /// As steering knows it.
  var steered: SteeredHost { withRecord { $0.steered } }
}

extension HostRecord {
  /// As steering knows it.
  var steered: SteeredHost {
    SteeredHost(
      hostID: identity.hostID, instance: identity.instance, labels: identity.labels,
      isRetired: presence.isRetired, intervalMilliseconds: presence.statedInterval?.wholeMilliseconds ?? 0)
  }

  /// What selects the host: its own labels, and those that config gives it where it has none of that name.
  var selectableLabels: [Label] {
    guard let given = standing?.configLabels, !given.isEmpty else { return identity.labels }
    let own = identity.labels
    return own + given.filter { label in !own.contains { $0.name == label.name } }
  }
}
