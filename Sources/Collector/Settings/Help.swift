/// What `--help` prints.
enum Help {
  static var text: String {
    """
    muster-collector: reads this host's /proc and streams it to a Muster aggregator.

    usage: muster-collector [flags]

    \(flags)

    Flags win over the settings file. Every setting, with its default and its meaning:
    collector-config/collector.yaml, installed as \(CollectorSettings.defaultFile).

    examples:
      muster-collector --once                          what is read here, as Prometheus text
      muster-collector --aggregator mon.example:7600   run, over TLS
      muster-collector --check-config -c new.yaml      before a restart

    SIGTERM and SIGINT end it in good order: it says goodbye and waits up to 2 s for the aggregator
    to have everything. A second one ends it at once. SIGHUP reads the settings file again.

    exit codes: 0 done, 1 self-check found something denied, failing or hidden, 64 bad flag,
    71 the kernel refused, 73 state directory unusable, 74 output failed,
    75 already running on this state directory, 78 bad settings.

    """
  }

  private static var flags: String {
    let rows = Flag.all.map { flag -> (String, String) in
      let names = flag.names.reversed().joined(separator: ", ")
      guard case .value(let placeholder, _) = flag.effect else { return (names, flag.help) }
      return ("\(names) \(placeholder)", flag.help)
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { "  \($0)\(String(repeating: " ", count: width - $0.count))  \($1)" }
      .joined(separator: "\n")
  }
}
