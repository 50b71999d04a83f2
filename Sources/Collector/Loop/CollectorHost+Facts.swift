import Settings

// What the collector says about itself.
extension CollectorHost {
  /// For self-metrics.
  var facts: SelfMetrics.Facts {
    let driver = core.driver
    var facts = SelfMetrics.Facts()
    facts.uplink = driver.uplink.counters
    facts.collected = driver.uplink.ring.collected
    facts.acknowledged = driver.uplink.ring.acknowledged
    facts.dropped = driver.uplink.ring.dropped
    facts.buffered = driver.uplink.ring.count
    facts.bufferBytes = driver.uplink.ring.byteCount
    facts.bytesSent = driver.bytesSent
    facts.bytesReceived = driver.bytesReceived
    facts.undecodableCommands = driver.undecodableCommands
    facts.lateSlots = session.cadence.frames.lateSlots
    facts.clockSteps = session.cadence.frames.clockSteps
    facts.suspends = session.cadence.frames.suspends
    facts.sampleMicroseconds = session.sampleMicroseconds
    facts.budgetLevel = budget.level
    facts.configVersion = core.keeper.runningVersion
    facts.recorderBytes = session.recorder.byteCount
    facts.commandsRepeated = core.desk.repeated
    facts.commandsTurnedAway = core.desk.turnedAway
    return facts
  }

  /// `0.4 % of a CPU of 5 %, 11 MiB of 64 MiB`, as measured last.
  var budgetDetail: String {
    let cpu = budget.cpuRatio.map { PercentText.text(($0 * 10_000).rounded() / 10_000) } ?? "not measured yet"
    let memory = budget.residentBytes.map { "\($0 >> 20)MiB" } ?? "unknown"
    let bytes = budget.bytesPerSecond.map { ByteSize.text(Int($0.rounded())) } ?? "not measured yet"
    return "\(cpu) of a CPU of \(PercentText.text(settings.budget.cpuRatio)), "
      + "\(memory) of \(ByteSize.text(settings.budget.memoryBytes)), "
      + "\(bytes) a second of \(ByteSize.text(settings.budget.bytesPerSecond))"
  }
}
