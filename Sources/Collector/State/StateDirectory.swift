import Glibc
import Settings

/// The folder that a collector keeps between runs, locked against a second one.
///
///     lock        empty; held with flock(2) as long as the collector lives
///     identity    the host's id, YAML, replaced as a whole at every start
///     config      the configuration from the aggregator, YAML, replaced as a whole when it changes
///
/// A damaged file never keeps a collector from starting: it is put aside as `identity.damaged`, and the host
/// gets a new id; or as `config.damaged`, and the host's own settings hold.
final class StateDirectory {
  let path: String
  private let lock: Int32

  /// Opens the folder, makes it when only its last component is missing, and locks it.
  init(_ path: String) throws(CollectorFailure) {
    self.path = path
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw Self.failure("cannot make the state directory \(path)", errno)
    }
    lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw Self.failure("cannot write in the state directory \(path)", errno) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw CollectorFailure(
        ExitCode.alreadyRunning,
        "another muster-collector is running on the state directory \(path); "
          + "stop it, or give this one its own with --state-directory")
    }
  }

  deinit { close(lock) }

  /// What was remembered; nil when nothing was, or when it was damaged, which `damage` then tells.
  func readIdentity(damage: inout String?) -> IdentityRecord? {
    read("identity", damage: &damage) { (root) throws(SettingsError) in try IdentityRecord(root) }
  }

  /// Remembers who this host is.
  func writeIdentity(_ record: IdentityRecord) throws(CollectorFailure) {
    try replace("identity", record.text)
  }

  /// The configuration of the last run; nil when there was none, or when it was damaged, which `damage` then
  /// tells.
  func readConfig(damage: inout String?) -> ConfigRecord? {
    read("config", damage: &damage) { (root) throws(SettingsError) in try ConfigRecord(root) }
  }

  /// Remembers the configuration.
  func writeConfig(_ text: String) throws(CollectorFailure) {
    try replace("config", text)
  }

  private func read<Record>(
    _ name: String, damage: inout String?, _ body: (SettingsSection) throws(SettingsError) -> Record
  ) -> Record? {
    let file = "\(path)/\(name)"
    guard access(file, F_OK) == 0 else { return nil }
    do {
      return try body(try SettingsDocument(file: file).root)
    } catch {
      rename(file, file + ".damaged")
      damage = "\(error)"
      return nil
    }
  }

  /// Replaces a file, so that after a crash at any moment either the old or the new one is there.
  private func replace(_ name: String, _ text: String) throws(CollectorFailure) {
    let temporary = "\(path)/\(name).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("cannot write \(temporary)", errno) }
    let text = Array(text.utf8)
    let isWritten = write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
    let failure = errno
    close(descriptor)
    guard isWritten else { throw Self.failure("cannot write \(temporary)", failure) }
    guard rename(temporary, "\(path)/\(name)") == 0 else {
      throw Self.failure("cannot replace \(path)/\(name)", errno)
    }
    synchronizeDirectory()
  }

  /// Makes the rename durable. A file system that cannot (EINVAL on some) does not stop us.
  private func synchronizeDirectory() {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ what: String, _ number: Int32) -> CollectorFailure {
    let remedy =
      switch number {
      case ENOENT: "make its parent folder, or give another one with --state-directory"
      case EACCES, EPERM:
        "run as its owner, or give a folder that may be written with --state-directory"
      case EROFS: "give a folder on a writable file system with --state-directory"
      default: "repair it, or give another one with --state-directory"
      }
    return CollectorFailure(ExitCode.state, "\(what): \(String(cString: strerror(number))); \(remedy)")
  }
}

extension IdentityRecord {
  init(_ root: SettingsSection) throws(SettingsError) {
    guard let hostID = try root.string("host_id"), Self.isHostID(hostID) else {
      throw root.error(at: "host_id", "must be 32 lower-case hexadecimal digits")
    }
    guard let epoch = try root.integer("epoch", in: 0 ... .max) else {
      throw root.error(at: "epoch", "is missing")
    }
    let rekeyedFrom = try root.string("rekeyed_from") ?? ""
    guard rekeyedFrom.isEmpty || Self.isHostID(rekeyedFrom) else {
      throw root.error(at: "rekeyed_from", "must be 32 lower-case hexadecimal digits")
    }
    self.init(
      hostID: hostID, machine: try root.string("machine_id_sha256") ?? "", epoch: UInt64(epoch),
      rekeyedFrom: rekeyedFrom)
  }

  var text: String {
    let machine = machine.isEmpty ? "" : "machine_id_sha256: \"\(machine)\"\n"
    let rekeyedFrom = rekeyedFrom.isEmpty ? "" : "rekeyed_from: \"\(rekeyedFrom)\"\n"
    return """
      # Written by muster-collector. Without this file the machine becomes a new host.
      host_id: "\(hostID)"
      \(machine)\(rekeyedFrom)epoch: \(epoch)

      """
  }

  private static func isHostID(_ text: String) -> Bool {
    text.utf8.count == 32
      && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
  }
}
