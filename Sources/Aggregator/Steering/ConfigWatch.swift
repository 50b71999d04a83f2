package import GRPC
package import Wire

/// One open Watch of a host's config, as other loops know it.
package struct ConfigWatch: Sendable {
  /// Unique.
  let number: UInt64
  let hostID: String
  /// The control stream of the same connection.
  let stream: UInt64
  let call: any ConfigOutlet

  /// The Watch of this number. `stream`: the control stream of the same connection.
  package init(number: UInt64, hostID: String, stream: UInt64, call: any ConfigOutlet) {
    self.number = number
    self.hostID = hostID
    self.stream = stream
    self.call = call
  }
}

/// The way to one open Watch, from whatever thread: what is given to it arrives on the call's own loop, in order, or
/// nowhere when the call is over.
package protocol ConfigOutlet: Sendable {
  /// Tells the host what it is meant to run.
  func offer(_ update: ConfigUpdate)
  /// Ends the call.
  func finish(_ status: Status)
}

/// The way to a call of the server.
struct WatchConfigOutlet: ConfigOutlet {
  let call: LoopBound<WatchConfigCall>

  func offer(_ update: ConfigUpdate) { call.execute { $0.offer(update) } }

  func finish(_ status: Status) { call.execute { $0.finish(status) } }
}
