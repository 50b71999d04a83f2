import Settings

/// What became of settings that were read again while the collector runs.
struct Reloading {
  /// Keys that differ from what the program was started with, and wait for a restart.
  let needRestart: [String]
  /// Keys of the section `remote`, which hold at once.
  let remote: [String]

  init(from old: CollectorSettings, to new: CollectorSettings, started: CollectorSettings) {
    var needRestart: [String] = []
    if new.aggregator != started.aggregator { needRestart.append("aggregator") }
    if new.tls != started.tls { needRestart.append("tls") }
    if new.insecure != started.insecure { needRestart.append("insecure") }
    if new.instance != started.instance { needRestart.append("instance") }
    if new.labels != started.labels { needRestart.append("labels") }
    if new.stateDirectory != started.stateDirectory { needRestart.append("state_directory") }
    if new.root != started.root { needRestart.append("root") }
    if new.logFormat != started.logFormat { needRestart.append("log.format") }
    self.needRestart = needRestart

    var remote: [String] = []
    if new.remote.allowsConfig != old.remote.allowsConfig { remote.append("remote.config") }
    if new.remote.forbidden != old.remote.forbidden { remote.append("remote.forbid") }
    if new.remote.minimumInterval != old.remote.minimumInterval { remote.append("remote.minimum_interval") }
    self.remote = remote
  }

  /// For people. `effective` are the lines that changed in what holds now.
  func text(effective: [String]) -> String {
    let applied = effective + remote
    let first = applied.isEmpty ? "nothing changed" : "applied: " + applied.joined(separator: ", ")
    guard !needRestart.isEmpty else { return first }
    return first + "; needs a restart: " + needRestart.joined(separator: ", ")
  }
}
