internal import CProtobufC
public import GRPC

/// Asks for the processes that used most on the selected hosts.
public struct ListProcessesRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts; empty: all.
  public var selector: String

  /// Asks about the hosts a selector chooses.
  public init(selector: String = "") { self.selector = selector }
}

/// The processes that used most on one host, as its collector said last.
public struct HostProcesses: GRPCMessage, Hashable, Sendable {
  /// Whose they are.
  public var hostID: String
  /// What it calls itself.
  public var instance: String
  /// They.
  public var processes: ProcessList

  /// Processes of a host.
  public init(hostID: String = "", instance: String = "", processes: ProcessList = ProcessList()) {
    self.hostID = hostID
    self.instance = instance
    self.processes = processes
  }
}

extension ListProcessesRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListProcessesRequest>) {
    muster__v1__list_processes_request__init(packed)
  }

  init(_ packed: Muster__V1__ListProcessesRequest) throws(Status) {
    self.init(selector: try text(packed.selector, "selector", MessageLimits.selectorBytes))
  }

  func fill(_ packed: inout Muster__V1__ListProcessesRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
  }
}

extension HostProcesses: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__HostProcesses>) {
    muster__v1__host_processes__init(packed)
  }

  init(_ packed: Muster__V1__HostProcesses) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      processes: try optional(packed.processes) ?? ProcessList())
  }

  func fill(_ packed: inout Muster__V1__HostProcesses, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    packed.processes = arena.message(processes)
  }
}
