public import Wire

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
  /// Cgroups of `node_cgroup_*`, by the value of the label `cgroup`.
  public var cgroups = NameFilter(.everything)
  /// So many cgroups have series of their own at a time.
  public var cgroupsLimit = 200
  /// Bounds of that.
  public static let cgroupsLimits = 1...2000
  /// How many processes the table of processes has of each order, and groups of them; 0: there is no table.
  public var topProcesses = 5
  /// Bounds of that.
  public static let topProcessesLimits = 0...50
  /// By what processes are added up for that table.
  public var processGrouping = ProcessGrouping.command
  /// Units of `node_systemd_unit_state`.
  public var systemdUnits = NameFilter(.systemdUnits)

  /// The defaults.
  public init() {}
}
