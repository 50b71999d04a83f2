import GRPC
package import Steering
package import Wire

/// What steering has to hear of the fleet, and what the fleet asks it.
///
/// Called from any event loop, never while a host's lock is held. What concerns one connection is told in the order
/// it happened. The aggregator's own row in the fleet is not told: it is no collector.
package protocol SteeringHooks: Sendable {
  /// A host is new, or its name, its own labels, its interval or its retirement changed. Told of every known host
  /// once when the hooks are installed.
  func hostChanged(_ host: SteeredHost, at now: Moment)
  /// A host was forgotten.
  func hostForgotten(_ hostID: String, at now: Moment)
  /// The control stream of this number was welcomed; `status` is what its Hello said. It takes the place of an
  /// earlier one.
  func attached(_ hostID: String, stream: UInt64, status: ConfigStatus, at now: Moment)
  /// A control stream that spoke for the host is over; `saidGoodbye`: as planned. Streams end and begin on different
  /// threads: this may come after `attached` of the next stream, and is void then.
  func detached(_ hostID: String, stream: UInt64, saidGoodbye: Bool, at now: Moment)
  /// The host said how it stands.
  func status(_ hostID: String, _ status: ConfigStatus, at now: Moment)
  /// A frame says under which config it was taken (empty: the local file). Told with the first new frame of a
  /// stream, and when it changes; never per frame.
  func stamped(_ hostID: String, sha256: [UInt8], at now: Moment)
  /// How the host stands with its config, to show it and to select by the labels config gives; `nil`: it has none.
  /// Asked when a host is entered and after `Fleet.standingChanged`.
  func standing(of hostID: String) -> HostStanding?
}
