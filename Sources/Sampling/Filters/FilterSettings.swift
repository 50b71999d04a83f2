/// What sources leave out. The defaults are those of node_exporter 1.5, save where said.
public struct FilterSettings: Hashable, Sendable {
  /// Block devices of `node_disk_*`.
  public var diskDevices = NameFilter(.diskDevices)
  /// Mount points of `node_filesystem_*`.
  public var mountPoints = NameFilter(.mountPoints)
  /// File system types of `node_filesystem_*`.
  public var filesystemTypes = NameFilter(.filesystemTypes)
  /// Interfaces of `node_network_*`. Unlike node_exporter, those of containers are summed unless there are lists.
  public var networkInterfaces = NameFilter(.networkInterfaces)
  /// Fields of `node_vmstat_*`.
  public var vmstatFields = NameFilter(.vmstatFields)
  /// Fields of `node_netstat_*`: `Tcp_InSegs`.
  public var netstatFields = NameFilter(.netstatFields)

  /// The defaults.
  public init() {}
}
