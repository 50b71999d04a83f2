/// `/sys/class/net/<interface>`: what the kernel says of one interface, a file for each property. See
/// Documentation/ABI/testing/sysfs-class-net.
public struct LinkFolder {
  /// Of all interfaces, relative to a ``ProcRoot``.
  public static let path = "sys/class/net"

  private let folder: String
  private let root: ProcRoot

  /// The folder of the interface with this name.
  public init(_ name: String, of root: ProcRoot) {
    folder = "\(Self.path)/\(name)"
    self.root = root
  }

  /// A property; nil where it cannot be read: many files cannot while the interface is down.
  public func number(_ number: LinkTable.Number, reading buffer: inout ReadBuffer) -> Int64? {
    text(Self.files[number.rawValue], reading: &buffer).flatMap(AttributeText.integer)
  }

  /// `full`, `half`, `unknown`; empty where it cannot be read.
  public func duplex(reading buffer: inout ReadBuffer) -> String {
    text("duplex", reading: &buffer).map(AttributeText.string) ?? ""
  }

  /// The bytes lie in `buffer`.
  func text(_ file: String, reading buffer: inout ReadBuffer) -> UnsafeRawBufferPointer? {
    let file = KernelFile("\(folder)/\(file)", of: root, shape: .record, isKept: false)
    return try? file.read(into: &buffer)
  }

  /// By ``LinkTable/Number``.
  private static let files = [
    "addr_assign_type", "carrier", "carrier_changes", "carrier_down_count", "carrier_up_count", "dev_id",
    "dormant", "flags", "ifindex", "iflink", "link_mode", "mtu", "name_assign_type", "netdev_group", "type",
    "speed", "tx_queue_len",
  ]
}

extension LinkTable {
  /// Reads the folders of all interfaces below `root` whose names are to be kept: where netlink would tell of another
  /// machine, or nothing.
  public mutating func read(
    foldersOf root: ProcRoot, into buffer: inout ReadBuffer, keeping keeps: (String) -> Bool
  ) throws(KernelError) {
    let names = try FolderNames.list(LinkFolder.path, of: root)
    removeAll()
    for name in names where links.count < LinkNames.maximumLinks && keeps(name) {
      let folder = LinkFolder(name, of: root)
      var link = NetworkLink(name: append(name.utf8))
      for number in Number.allCases { link[number] = folder.number(number, reading: &buffer) }
      // `bonding_masters`, say, is no interface.
      if link[.index] == nil { continue }
      link.isUp = link[.flags].map { $0 & 1 != 0 }
      let operState = word("operstate", of: folder, reading: &buffer)
      link.operState = Self.operStates.firstIndex { $0.withUTF8Buffer { $0.elementsEqual(operState.utf8) } }
      link.address = append(word("address", of: folder, reading: &buffer).utf8)
      link.broadcast = append(word("broadcast", of: folder, reading: &buffer).utf8)
      link.alias = append(word("ifalias", of: folder, reading: &buffer).utf8)
      links.append(link)
    }
  }

  private func word(_ file: String, of folder: LinkFolder, reading buffer: inout ReadBuffer) -> String {
    folder.text(file, reading: &buffer).map(AttributeText.string) ?? ""
  }
}
