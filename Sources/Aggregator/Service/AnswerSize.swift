import Wire

/// How large one message of an answer may become. gRPC's peers accept 4 MiB unless they say otherwise.
enum AnswerSize {
  /// Of an answer that is one message.
  static let maximum = 3 << 20
  /// Of one message of a stream: large enough to be cheap, small enough that nothing waits long behind it.
  static let part = 256 << 10
}

extension HostInfo {
  /// About as many bytes as the host takes in a message, never less.
  var estimatedBytes: Int {
    let texts = [
      hostID, instance, bootID, operatingSystem, kernelRelease, architecture, collectorVersion, goodbyeReason,
      address, clonedFrom, shedding,
    ]
    return 320 + texts.reduce(0) { $0 + $1.utf8.count + 3 }
      + forbiddenCommands.reduce(0) { $0 + $1.utf8.count + 3 }
      + (labels + configLabels).reduce(0) { $0 + $1.estimatedBytes } + (vitals?.cpuHistory.count ?? 0) * 4
  }
}

extension Label {
  /// About as many bytes as the label takes in a message, never less.
  var estimatedBytes: Int { name.utf8.count + value.utf8.count + 9 }
}

extension SeriesDescriptor {
  /// About as many bytes as the series takes in a message with a value, never less.
  var estimatedBytes: Int {
    name.utf8.count + unit.utf8.count + 30 + labels.reduce(0) { $0 + $1.estimatedBytes }
  }
}
