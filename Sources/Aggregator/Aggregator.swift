// Aggregator: takes in what collectors send, keeps the fleet in view, and answers whoever asks.
//
//     Push bytes ─► IngestSession ─► Host (series table, hot tier, vitals) ─► LiveBus ─► Tail, WatchHosts
//     Attach     ─► ControlSession ─► Fleet                └─► Acknowledgements ─► Attach of the same connection
//
// Invariants:
// - What decides (IngestSession, ControlSession, Acknowledgements, Fleet, VitalsTracker, Presence) knows no
//   socket, no clock and no randomness: a `Moment` is passed in.
// - A `Host` is the only state that several event loops share; its lock is taken once per frame.
// - A reader never costs a queue: it is told *that* a host moved and reads *what* from the hot tier.
// - One producer's fault ends its own call with a status and touches nobody else.
//
// Folders: Ingest and Fleet are the way in, Live and Service the way out; Commands carries out what operators want
// of hosts, Steering what they want them to run, and Audit writes it down; Program is the only folder that knows NIO,
// signals and files.
