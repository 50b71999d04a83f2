import GRPC
import Selection
public import Wire

/// Who a host says it is: the same in the opening of a frame stream and in a Hello.
public struct HostIdentity: Hashable, Sendable {
  /// Random, 32 lower-case hexadecimal digits, kept by the host for ever.
  public var hostID: String
  /// The kernel's boot id.
  public var bootID: String
  /// One per start of the collector, growing.
  public var epoch: UInt64
  /// What the host calls itself.
  public var instance: String
  /// The operator's own labels for it.
  public var labels: [Label]

  /// An identity as it is; `check()` judges it.
  public init(hostID: String, bootID: String, epoch: UInt64, instance: String, labels: [Label]) {
    self.hostID = hostID
    self.bootID = bootID
    self.epoch = epoch
    self.instance = instance
    self.labels = labels
  }

  init(_ opening: StreamOpening) {
    self.init(
      hostID: opening.hostID, bootID: opening.bootID, epoch: opening.epoch, instance: opening.instance,
      labels: opening.labels)
  }

  init(_ hello: Hello) {
    self.init(
      hostID: hello.hostID, bootID: hello.bootID, epoch: hello.epoch, instance: hello.instance,
      labels: hello.labels)
  }

  /// Refuses, with INVALID_ARGUMENT, an identity that could not be kept or shown. Lengths and counts were checked
  /// when the message was decoded.
  func check() throws(Status) {
    guard hostID.utf8.count == 32, hostID.utf8.allSatisfy(\.isLowercaseHexadecimal) else {
      throw Status(.invalidArgument, "host_id must be 32 lower-case hexadecimal digits")
    }
    guard !instance.isEmpty else {
      throw Status(.invalidArgument, "instance is empty; it is the name the host is shown under")
    }
    for label in labels where !Label.isName(label.name) {
      throw Status(
        .invalidArgument,
        "\"\(label.name.prefix(40))\" is not a label: letters, digits and _, not beginning with a digit")
    }
  }
}
