public import GRPC
public import Wire

/// What the uplink wants done. Frames are not among them: while the Push call can be written to, its
/// driver asks `Uplink.takeFrame` for them.
public enum UplinkAction: Hashable, Sendable {
  /// Connect; answer with `linkConnected` or `linkFailed`.
  case connect
  /// Start the Attach call and send this as its first event.
  case openControl(Hello)
  /// Send an event on the Attach call.
  case sendControl(CollectorEvent)
  /// Nothing more comes on the Attach call.
  case finishControl
  /// Start the Watch call with this request; answer with `watchEnded` when it is over.
  case openWatch(WatchConfigRequest)
  /// Cancel the Watch call.
  case closeWatch
  /// Start the Push call.
  case openPush
  /// Nothing more comes on the Push call.
  case finishPush
  /// Drop the connection, or the attempt at one. No event about it is expected any more.
  case closeLink
  /// Hand on what the aggregator wants of others than the uplink.
  case deliver(UplinkDelivery)
  /// Tell people.
  case report(UplinkReport)
  /// A stop came to its end: the program may exit.
  case stopped
}

/// What the aggregator wants of others than the uplink.
public enum UplinkDelivery: Hashable, Sendable {
  /// Carry this out.
  case run(Command)
  /// Do not carry this out any more.
  case cancel(id: String)
  /// Frames stamped with this config have arrived there.
  case confirmed(sha256: [UInt8])
  /// The config that is meant for this host.
  case offered(ConfigUpdate)
  /// Another live machine has this host's id: make a new one, and tell it to `become`.
  case rekey(reason: String)
}

/// What is worth a line in the log.
public enum UplinkReport: Hashable, Sendable {
  /// The aggregator answered Hello; so many frames wait to be sent.
  case connected(aggregatorVersion: String, buffered: Int)
  /// No connection came about.
  case unreachable(reason: String, retryIn: Duration)
  /// An established connection ended.
  case lost(reason: String, retryIn: Duration)
  /// The aggregator does not want us, and trying again does not help: a person is needed.
  case refused(Status, retryIn: Duration)
  /// The aggregator asked us to leave and come back.
  case goingAway
  /// We leave to come back: asked by an operator.
  case reconnecting
  /// Another machine has our id: we come back as a new host.
  case rekeyed(reason: String, retryIn: Duration)
  /// Frames that were never sent had to be dropped: the connection is slower than the sampling.
  case overrun(dropped: Int)
  /// A stop came to its end; so many frames were never acknowledged.
  case stopped(unacknowledged: Int)
}
