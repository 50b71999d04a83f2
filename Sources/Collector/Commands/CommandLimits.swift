/// What commands may take of the collector.
struct CommandLimits: Hashable, Sendable {
  /// Commands at once, with those that wait for another of the same key; further ones fail.
  var maximumCommands = 16
  /// Of them, scans of processes, and copies of the recorder: each takes up to a megabyte while it lasts.
  var maximumLarge = 4
  /// How long a command may take that does not say it, and one that asks for ever.
  var defaultTimeout: Duration = .seconds(30)
  var maximumTimeout: Duration = .seconds(600)
  /// Output of a command that does not say it, and of one that asks for everything.
  var defaultOutputBytes = 1 << 20
  var maximumOutputBytes = 8 << 20
  /// Bytes of one message of output; the wire takes a little more.
  var partBytes = 200 << 10
  /// Output that waits to be taken; beyond it no command is worked on. What one step makes comes on top.
  var waitingBytes = 512 << 10
  /// Events that wait to be taken; beyond it commands are passed over, and counted as turned away.
  var waitingEvents = 1024
  /// Commands remembered, so that one that comes again is answered and not done again, and bytes of output
  /// kept for them. Without the output, the result alone is said again.
  var rememberedCommands = 64
  var rememberedBytes = 256 << 10
}
