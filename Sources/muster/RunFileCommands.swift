import ArgumentParser
import Console
import Wire

extension Run {
  struct Recorder: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hand over the last minutes at 1 s, with the top processes of each minute.",
      discussion: """
        Every collector keeps its last 10 minutes. Examples:
          muster run recorder --on instance=web1 --last 5m --save web1.jsonl
          jq -c 'select(.type == "frame") | [.time_us, .values.node_load1]' web1.jsonl

        Without --save only how much there is is shown.
        """)

    @Option(help: ArgumentHelp("How far back; without it, everything.", valueName: "duration"))
    var last: DurationArgument?

    @Option(
      help: ArgumentHelp(
        "Write it as JSON lines: a frame or a minute's processes on each.", valueName: "file"))
    var save: String?

    @OptionGroup var options: RunOptions

    func run() async throws {
      try await options.run(
        .recorder(lastMilliseconds: last?.milliseconds ?? 0), saving: save.map { .recording(file: $0) })
    }
  }

  struct Diagnostics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hand over what support asks for: settings, state, log, counters. No secrets.",
      discussion: """
        Example: muster run diagnostics --on instance=web1 --save diagnostics

        Makes a folder for each host in the one named, which must be new or empty.
        """)

    @Option(help: ArgumentHelp("Write the files into this folder.", valueName: "folder"))
    var save: String?

    @OptionGroup var options: RunOptions

    func run() async throws {
      try await options.run(.diagnostics, saving: save.map { .diagnostics(folder: $0) })
    }
  }
}
