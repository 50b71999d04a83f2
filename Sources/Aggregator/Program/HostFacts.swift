import Glibc
import Wire

/// What the machine says of itself: for the aggregator's own row in the fleet.
enum HostFacts {
  /// uname(2).
  static var system: HostSystem {
    var names = utsname()
    guard uname(&names) == 0 else { return HostSystem(collectorVersion: MusterVersion.current) }
    return HostSystem(
      operatingSystem: text(names.sysname), kernelRelease: text(names.release),
      architecture: text(names.machine),
      collectorVersion: MusterVersion.current)
  }

  /// The kernel's boot id (random(4)); empty where /proc is not there.
  static var bootID: String {
    let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 36)
    return read(descriptor, &bytes, bytes.count) == bytes.count ? String(decoding: bytes, as: UTF8.self) : ""
  }

  private static func text<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
