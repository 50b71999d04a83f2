/// Files by which a container tells that it is one, in the order of systemd-detect-virt(1), which also takes them for
/// what they are taken for here.
public enum ContainerMarker: CaseIterable, Sendable {
  /// What systemd was told by whoever started it, one word: `lxc`, `docker`, `systemd-nspawn`. See systemd(1),
  /// `$container`.
  case systemd
  /// The same by the container interface: https://systemd.io/CONTAINER_INTERFACE.
  case manager
  /// Podman's, and that of others built on its libraries: empty, or with a line `engine="podman-4.3.1"`.
  case podman
  /// Docker's, empty.
  case docker

  /// The file, relative to a ``ProcRoot``.
  public var path: String {
    switch self {
    case .systemd: "run/systemd/container"
    case .manager: "run/host/container-manager"
    case .podman: "run/.containerenv"
    case .docker: ".dockerenv"
    }
  }

  /// What runs the container, by the file's text.
  public func engine(_ text: UnsafeRawBufferPointer) -> String {
    switch self {
    case .systemd, .manager: AttributeText.string(text)
    case .podman: Self.engineLine(text) ?? "podman"
    case .docker: "docker"
    }
  }

  /// `podman` of a line `engine="podman-4.3.1"`.
  private static func engineLine(_ text: UnsafeRawBufferPointer) -> String? {
    for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: "engine=".utf8) {
      let value = String(decoding: line.dropFirst("engine=".utf8.count), as: UTF8.self)
      let name = value.drop { $0 == "\"" }.prefix { $0.isLetter }
      return name.isEmpty ? nil : String(name)
    }
    return nil
  }
}
