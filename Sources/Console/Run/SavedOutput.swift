import Glibc
import Wire

/// Where output goes that is not for the screen.
public enum SaveTarget: Hashable, Sendable {
  /// Recordings of all hosts, as JSON lines, into this file.
  case recording(file: String)
  /// Diagnostics, a folder for each host, into this folder, which must be new or empty.
  case diagnostics(folder: String)
}

/// Puts output where it is saved, as it comes. Holds no file of a host open: a fleet has more hosts than a
/// process may have files.
final class SavedOutput {
  /// Files that one host may send.
  static let filesPerHostMaximum = 64

  private struct Host {
    var folder = ""
    var files: Set<String> = []
    var bytes = 0
    var summary = RecorderSummary()
    var recording: RecorderLines
  }

  private let target: SaveTarget
  private let path: String
  private let root: Int32
  private var hosts: [String: Host] = [:]
  private var folders: Set<String> = []

  /// Makes the file or the folder.
  init(_ target: SaveTarget) throws(CommandFailure) {
    self.target = target
    switch target {
    case .recording(let file):
      path = file
      root = try OutputFile.create(file)
    case .diagnostics(let folder):
      path = folder
      root = try OutputFile.emptyFolder(folder)
    }
  }

  deinit { close(root) }

  /// Takes a host's output. Returns what is left of it to be shown: nothing when it was saved, a line that
  /// says why it was not, the output itself if it is of another kind.
  func take(
    _ content: CommandOutput.Content, hostID: String, instance: String
  ) throws(CommandFailure) -> CommandOutput.Content? {
    var host =
      hosts[hostID] ?? Host(recording: RecorderLines(hostID: hostID, instance: instance))
    defer { hosts[hostID] = host }
    switch (target, content) {
    case (.recording, .recorder(let part)): return try save(part, of: &host).map { .text($0) }
    case (.diagnostics, .diagnostics(let part)):
      return try save(part, of: &host, hostID: hostID, instance: instance).map { .text($0) }
    default: return content
    }
  }

  /// The host is done: nothing more will come of it. Returns a line that says what was saved, if anything.
  func finish(hostID: String) -> String? {
    guard let host = hosts.removeValue(forKey: hostID) else { return nil }
    switch target {
    case .recording:
      return host.summary == RecorderSummary() ? nil : "\(host.summary.text) saved in \(path.printable)"
    case .diagnostics:
      guard !host.files.isEmpty else { return nil }
      let files = Units.counted(host.files.count, "file")
      return "\(files), \(Units.bytes(Double(host.bytes))), saved in \(path.printable)/\(host.folder)"
    }
  }

  /// Returns why it was not saved.
  private func save(_ part: RecorderPart, of host: inout Host) throws(CommandFailure) -> String? {
    let lines: [String]
    do {
      lines = try host.recording.lines(part)
    } catch {
      return "not saved, the recording cannot be read: \(error)"
    }
    for line in lines { try OutputFile.write(Array(line.utf8), to: root, path: path) }
    host.summary.add(part)
    return nil
  }

  /// Returns why it was not saved.
  private func save(
    _ part: DiagnosticsPart, of host: inout Host, hostID: String, instance: String
  ) throws(CommandFailure) -> String? {
    guard PlainName.isPlain(part.name) else {
      return "not saved: '\(part.name.printable)' is no plain file name"
    }
    if host.folder.isEmpty {
      let name = PlainName.folder(instance: instance, hostID: hostID, taken: folders)
      try OutputFile.newFolder(name, in: root)
      folders.insert(name)
      host.folder = name
    }
    // A large file comes in several parts of one name.
    let isNew = !host.files.contains(part.name)
    guard !isNew || host.files.count < Self.filesPerHostMaximum else {
      return "not saved: more than \(Self.filesPerHostMaximum) files"
    }
    let folder = try OutputFile.openFolder(host.folder, in: root)
    defer { close(folder) }
    try OutputFile.append(part.content, to: part.name, isNew: isNew, in: folder)
    host.files.insert(part.name)
    host.bytes += part.content.count
    return nil
  }
}
