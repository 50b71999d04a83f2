import Wire

/// What a frame says of the processes: a new look's list, without the command lines that were said already.
///
/// Most of those that use much do so for long, and their command lines are longer than all that changes. A line is said
/// when its process is first in a list, and again now and then, for an aggregator that was not there.
struct ProcessNews {
  /// After so many lists a command line is said again: five minutes.
  static let repetition = 20
  /// Bytes of a command line that are said.
  static let maximumCommandLine = 128

  /// The last list, and how many lists ago each of its lines was said.
  private var last: [(process: ProcessInfo, age: Int)] = []
  /// How often the collector had connected then.
  private var connections: UInt64 = 0

  /// What to say of a list. After another connection everything is said: it may be to one that has been told nothing.
  mutating func saying(_ list: ProcessList, onConnection connections: UInt64) -> ProcessList {
    if connections != self.connections { last = [] }
    self.connections = connections
    let said = last
    last = list.processes.map { process in
      let age = said.first { $0.process.isSame(as: process) }.map { $0.age + 1 } ?? 0
      return (process, age < Self.repetition ? age : 0)
    }
    var list = list
    for (place, known) in last.enumerated() {
      list.processes[place].commandLine =
        known.age == 0 ? known.process.commandLine.prefix(utf8Bytes: Self.maximumCommandLine) : ""
    }
    return list
  }
}
