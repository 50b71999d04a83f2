public import ProcFS

/// What to do about a source that gives nothing: which permission, or which directive of the unit, is missing.
public struct Remedy {
  /// The options `/proc` is mounted with here, as far as they hide something; empty: it hides nothing.
  private let hiding: String

  /// A host's, whose mounts this process sees so: the text of `/proc/self/mounts`, proc_pid_mounts(5).
  public init(ownMounts: String) {
    hiding =
      ownMounts.split(separator: "\n").last { line in
        let fields = line.split(separator: " ")
        return fields.count > 3 && fields[1] == "/proc" && fields[2] == "proc"
      }.map { line in
        line.split(separator: " ")[3].split(separator: ",")
          .filter { $0.hasPrefix("hidepid=") || $0.hasPrefix("subset=") }.joined(separator: ",")
      } ?? ""
  }

  /// A sentence without its full stop; empty if there is nothing to be done, or nothing known.
  public func text(for error: KernelError, of source: SourceKind?) -> String {
    switch error {
    case .denied(let path, _):
      if let hint = source?.whenDenied, !hint.isEmpty { return hint }
      if path.holds("/proc/1/") {
        return "ProtectProc=default in the unit, or /proc without hidepid=, shows it"
      }
      return "only root may read it: AmbientCapabilities=CAP_DAC_READ_SEARCH in the unit allows it"
    case .unsupported(let path, _):
      guard path.holds("/proc/"), hiding.holds("subset=pid") else { return "" }
      return "ProcSubset=pid hides it: the unit needs ProcSubset=all"
    default: return ""
    }
  }
}
