import ArgumentParser
import Console
import Glibc
import Wire

@main
struct Muster: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "muster",
    abstract: "A Linux fleet in view and in hand.",
    discussion: """
      Speaks to a muster-aggregator: on this machine by default, elsewhere with --aggregator \
      HOST:PORT or MUSTER_AGGREGATOR. Start with `muster top`.

      Exit codes: 0 done; 1 nothing matched, or not all went well; 64 wrong command line; 69 the \
      aggregator cannot be reached; 70 it answered with an error; 73 a file cannot be written; 75 it did \
      not answer in time; 130 Ctrl-C.
      """,
    version: MusterVersion.current,
    subcommands: [
      Top.self, Hosts.self, Latest.self, Tail.self, Processes.self, Run.self, Config.self, Audit.self,
      Version.self,
      Completion.self,
    ])

  static func main() async {
    // A reader that went away is told by write(2), not by a signal that ends us without a word.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      failure.report()
      Glibc.exit(failure.code.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
