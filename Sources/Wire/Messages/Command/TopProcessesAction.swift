internal import CProtobufC
internal import GRPC

/// Asks for the processes that use the most of something.
public struct TopProcessesAction: Hashable, Sendable {
  /// 1 to 100; 0 stands for 10.
  public var count: UInt32
  /// What they are ordered by, most first.
  public var order: ProcessOrder
  /// Rates are measured over this time: 100 to 10000; 0 stands for 1000.
  public var windowMilliseconds: UInt32

  /// A request for so many processes, by this order.
  public init(count: UInt32 = 0, order: ProcessOrder = .cpu, windowMilliseconds: UInt32 = 0) {
    self.count = count
    self.order = order
    self.windowMilliseconds = windowMilliseconds
  }
}

extension TopProcessesAction: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__TopProcessesAction>) {
    muster__v1__top_processes_action__init(packed)
  }

  init(_ packed: Muster__V1__TopProcessesAction) throws(Status) {
    self.init(count: packed.count, order: ProcessOrder(packed.order), windowMilliseconds: packed.window_ms)
  }

  func fill(_ packed: inout Muster__V1__TopProcessesAction, _ arena: Arena) {
    packed.count = count
    packed.order = order.packed
    packed.window_ms = windowMilliseconds
  }
}
