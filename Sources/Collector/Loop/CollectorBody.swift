import Wire

/// What a `CollectorCore` has done for it: by the host in the program, by a host that is played in a simulation.
protocol CollectorBody: AnyObject {
  /// The series that frames have described so far, since the last that described everything anew.
  var descriptors: [SeriesDescriptor] { get }

  /// Takes a sample, and packs it as the frame with this number, stamped with this hash of the config in force.
  func frame(_ sequence: UInt64, config: [UInt8], at now: Moment) -> SampledFrame

  /// From the next sample on these settings hold, all but `interval`, `buffer` and `heartbeatInterval`, which
  /// are the core's. Series that go, go; the others keep their place.
  func apply(_ settings: EffectiveSettings, at now: Moment) throws(BodyFailure)

  /// Samples are to be taken at this interval from now on.
  func sampleEvery(_ interval: Duration, at now: Moment)

  /// Replaces the state file `config`, as a whole and durably.
  func persist(_ record: String) throws(BodyFailure)

  /// Makes this host a new identity and remembers it. The next frame is the first of its epoch.
  func makeIdentity(at now: Moment) throws(BodyFailure) -> (identity: Identity, machine: [UInt8])

  /// Does what a command asks for, and answers with `CollectorCore.finish`, now or later. Never
  /// `setResolution`, `reconnect` and `shutdown`, which the core does itself.
  func perform(_ effect: Effect, for id: String, at now: Moment)
}

/// A sample, packed.
struct SampledFrame {
  var bytes: [UInt8]
  /// If it describes everything anew: the series that the frames before it described.
  var endedDictionary: [SeriesDescriptor]?
}

/// Why something could not be done: one sentence.
struct BodyFailure: Error, Hashable, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
