/// What a cgroup is, as far as its place in the hierarchy tells: systemd and the container runtimes name folders in
/// ways of their own.
///
///     system.slice/ssh.service                                                       service ssh.service
///     system.slice/docker-<64 hex>.scope, docker/<64 hex>                            container, 12 digits of it
///     kubepods.slice/…/kubepods-burstable-pod<uid>.slice, kubepods/burstable/pod<uid>  pod <uid>
///     kubepods.slice/…/cri-containerd-<64 hex>.scope, kubepods/…/pod<uid>/<64 hex>     container in pod <uid>
///     machine.slice/libpod-<64 hex>.scope, libpod_parent/libpod-<64 hex>               container
///     lxc.payload.web, lxc/web                                                        container web
///     machine.slice/systemd-nspawn@web.service, machine.slice/machine-qemu\x2d1\x2dweb.scope   machine web, qemu-1-web
public struct CgroupIdentity: Hashable, Sendable {
  /// What sort of thing a cgroup stands for.
  public enum Kind: String, Sendable {
    /// Part of the tree of slices, or of the `kubepods` of a kubelet that does without systemd.
    case slice
    /// A unit whose processes systemd (or OpenRC) starts.
    case service
    /// A unit whose processes something else started.
    case scope
    /// A container of Docker, containerd, CRI-O, Podman, or LXC.
    case container
    /// A pod of Kubernetes or Podman: its containers lie in it.
    case pod
    /// What systemd-machined knows: a virtual machine, or a container of systemd-nspawn.
    case machine
    /// Made by anything else.
    case group
    /// A unit that runs no program for long: a mount, a socket, a swap.
    case passive

    /// Whether what lies inside is that thing's own affair.
    public var isClosed: Bool { self == .container || self == .machine || self == .passive }
  }

  /// Digits of a container's id that are shown, as Docker does.
  public static let shownDigits = 12

  /// What it is.
  public let kind: Kind
  /// The unit's name with its escapes undone, the container's short id or name, the pod's uid.
  public let name: String
  /// The uid of the pod it is or lies in.
  public let pod: String?
  /// The innermost slice that it lies in, its escapes undone.
  public let slice: String?
  /// Where it lies, for people: from the hierarchy's root, escapes undone and ids shortened.
  public let path: String

  /// The identity of a folder, named relative to the hierarchy's root.
  public init(path: String) {
    let parts = path.split(separator: "/")
    let leaf = parts.last ?? ""
    let above = parts.dropLast()
    let pod = parts.lazy.reversed().compactMap { Self.pod($0) }.first
    let (kind, name) = Self.classify(leaf, in: above.last ?? "")
    let isPod = Self.pod(leaf) != nil
    self.kind = isPod ? .pod : kind
    self.name = isPod ? pod ?? name : name
    self.pod = pod
    slice = above.last { $0.hasSuffix(".slice") }.map(UnitName.decoded)
    self.path = parts.reduce("") { $0 + "/" + Self.readable($1) }
  }

  private static func classify(_ leaf: Substring, in parent: Substring) -> (Kind, String) {
    if let id = containerID(leaf) { return (.container, String(id)) }
    if leaf.hasPrefix("lxc.payload."), leaf.count > 12 { return (.container, String(leaf.dropFirst(12))) }
    if parent == "lxc" { return (.container, String(leaf)) }
    let name = UnitName.decoded(leaf)
    if leaf.hasSuffix(".slice") { return (.slice, name) }
    if let machine = machine(name) { return (.machine, machine) }
    if leaf.hasSuffix(".service") || leaf.hasPrefix("openrc.") { return (.service, name) }
    if leaf.hasSuffix(".scope") { return (.scope, name) }
    if leaf == "kubepods" || parent == "kubepods" { return (.slice, name) }
    return ([".mount", ".socket", ".swap"].contains { leaf.hasSuffix($0) } ? .passive : .group, name)
  }

  /// The short id in `<64 hex>`, `<runtime>-<64 hex>` and `<runtime>-<64 hex>.scope`; nil of monitors beside containers.
  private static func containerID(_ leaf: Substring) -> Substring? {
    let stem = leaf.hasSuffix(".scope") ? leaf.dropLast(".scope".count) : leaf
    guard let id = longID(stem) else { return nil }
    let runtime = stem.dropLast(id.count)
    if runtime.isEmpty { return leaf.hasSuffix(".scope") ? nil : id.prefix(shownDigits) }
    return runtime.hasSuffix("-") && !runtime.hasSuffix("conmon-") ? id.prefix(shownDigits) : nil
  }

  private static func longID(_ text: Substring) -> Substring? {
    let id = text.suffix(64)
    return UnitName.isIdentifier(id, ofLength: 64) ? id : nil
  }

  /// The uid in `pod<uid>`, `kubepods-…-pod<uid>.slice`, where dashes are underscores, and `…-libpod_pod_<64 hex>.slice`.
  private static func pod(_ part: Substring) -> String? {
    guard part.hasSuffix(".slice") else {
      guard part.hasPrefix("pod") else { return nil }
      return podUID(String(part.dropFirst("pod".count)))
    }
    let stem = part.dropLast(".slice".count)
    if let id = longID(stem), stem.dropLast(id.count).hasSuffix("libpod_pod_") {
      return String(id.prefix(shownDigits))
    }
    guard stem.hasPrefix("kubepods-") || stem.holds("-kubepods-"), let dash = stem.lastIndex(of: "-"),
      stem[dash...].hasPrefix("-pod")
    else { return nil }
    return podUID(String(stem[dash...].dropFirst("-pod".count).map { $0 == "_" ? "-" : $0 }))
  }

  /// A UUID, or the 32 digits of a pod that the kubelet took from a file.
  private static func podUID(_ text: String) -> String? {
    let isUID = UnitName.isIdentifier(text, ofLength: 36) || UnitName.isIdentifier(text, ofLength: 32)
    return isUID ? text : nil
  }

  private static func machine(_ unit: String) -> String? {
    for (prefix, suffix) in [("systemd-nspawn@", ".service"), ("machine-", ".scope")]
    where unit.hasPrefix(prefix) && unit.hasSuffix(suffix) && unit.count > prefix.count + suffix.count {
      return String(unit.dropFirst(prefix.count).dropLast(suffix.count))
    }
    return nil
  }

  private static func readable(_ part: Substring) -> String {
    let suffix = [".scope", ".slice"].first { part.hasSuffix($0) } ?? ""
    let stem = part.dropLast(suffix.count)
    guard let id = longID(stem) else { return UnitName.decoded(part) }
    return UnitName.decoded(stem.dropLast(id.count)) + id.prefix(shownDigits) + suffix
  }
}
