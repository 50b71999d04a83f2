import GRPC
import Wire

extension Uplink {
  /// Another live machine has this host's id: leaves, and comes back as a new host. The usual waits lie in
  /// between, so that whoever says it again and again is not hammered.
  mutating func rekey(_ reason: String, at now: Moment) {
    forgiveIfStable(at: now)
    let wait = backoff.next()
    act(.report(.rekeyed(reason: reason, retryIn: wait)))
    act(.closeLink)
    act(.deliver(.rekey(reason: reason)))
    state = .waiting(until: now.instant + wait)
  }

  /// From the next connection on this is another host. Frames of the one it was are given up and counted; the
  /// next one is number 1 again.
  ///
  /// - Parameter machine: what binds the new id to the machine, as `Hello.machineSHA256`.
  public mutating func become(_ identity: Identity, machine: [UInt8]) {
    guard session == nil else { return }
    counters.rekeys += 1
    counters.abandonedFrames += UInt64(ring.count)
    ring = FrameRing(limits: settings.ring)
    hello.rekeyedFrom = hello.hostID
    hello.hostID = identity.hostID
    hello.bootID = identity.bootID
    hello.epoch = identity.epoch
    hello.machineSHA256 = machine
  }
}
