import GRPC
import Wire

/// What a Hello is answered with, as the host's record has it.
enum Claim: Sendable {
  /// The stream speaks for the host. `others` waited for the one that is over.
  case granted(superseded: ControlLine?, others: [Contestant])
  /// This one has to be probed first.
  case contested(ControlLine)
  /// The host is another machine.
  case foreign(String)
  /// Too many wait already.
  case crowded
}

extension HostRecord {
  /// Judges a Hello. One that is granted still has to be taken over.
  mutating func claim(
    _ hello: Hello, on line: ControlLine, isOwn: Bool, beaten: UInt64?, probe: UInt64
  ) -> Claim {
    guard isOwn || !self.isOwn else {
      return .foreign("host_id \(hello.hostID) is the aggregator's own")
    }
    if !machineSHA256.isEmpty, !hello.machineSHA256.isEmpty, machineSHA256 != hello.machineSHA256 {
      return .foreign(
        "host_id \(hello.hostID) belongs to another machine, \(identity.instance), last seen from \(address)")
    }
    contestants.removeAll { $0.line.token == line.token }
    let isFree = isOwn || presence.goodbyeReason != nil
    guard let controller, controller.token != beaten, !isFree else {
      let superseded = controller
      controller = line
      let others = contestants
      contestants = []
      return .granted(superseded: superseded, others: others)
    }
    guard contestants.count < Fleet.maximumContestants else { return .crowded }
    contestants.append(Contestant(probe: probe, line: line))
    return .contested(controller)
  }

  /// Takes over what a welcomed Hello says. Returns whether others must look at the host again.
  mutating func takeOver(_ hello: Hello, address: String, isOwn: Bool) -> Bool {
    let old = (identity.instance, identity.labels, presence.statedInterval)
    identity = HostIdentity(hello)
    self.address = address
    self.isOwn = isOwn
    system = HostSystem(
      operatingSystem: hello.operatingSystem, kernelRelease: hello.kernelRelease,
      architecture: hello.architecture, collectorVersion: hello.collectorVersion)
    presence.goodbyeReason = nil
    presence.adopt(interval: hello.intervalMilliseconds)
    capabilities = Set(hello.capabilities)
    forbiddenCommands = hello.forbiddenCommands
    if !hello.machineSHA256.isEmpty { machineSHA256 = hello.machineSHA256 }
    if !hello.rekeyedFrom.isEmpty { clonedFrom = hello.rekeyedFrom }
    return old != (identity.instance, identity.labels, presence.statedInterval)
  }
}
