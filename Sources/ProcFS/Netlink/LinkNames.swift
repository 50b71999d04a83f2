internal import Glibc

/// The names of this network namespace's links, by index: listed once, then kept up to date by what the kernel tells
/// of links that come, go and are renamed (`RTNLGRP_LINK`).
///
/// When more is told than the socket holds, they are listed anew.
struct LinkNames {
  /// More links than this are an error.
  static let maximumLinks = NetDev.maximumInterfaces
  /// Datagrams of news taken in one go; beyond these listing is cheaper.
  static let maximumNews = 4096

  private var names: [Int32: String] = [:]
  private var isListed = false
  private let news = NetlinkSocket(.route, groups: Netlink.linkGroup)

  /// The name of a link; nil if it has come since.
  @inline(__always)
  subscript(index: Int32) -> String? { names[index] }

  /// Takes in what has changed. `socket` lists, if that is necessary.
  mutating func refresh(
    asking socket: NetlinkSocket, into buffer: inout ReadBuffer
  ) throws(KernelError) {
    if isListed, news.isOpen, try catchUp(into: &buffer) { return }
    isListed = false
    // News first, so that nothing falls between listing and listening.
    try news.open()
    try list(asking: socket, into: &buffer)
    isListed = true
  }

  /// Takes in one message; false if it makes no sense, or there are too many links.
  mutating func apply(_ message: NetlinkMessage) -> Bool {
    guard message.type == Netlink.newLink || message.type == Netlink.deleteLink else { return true }
    guard let link = LinkMessage(message.payload) else { return false }
    guard link.family == UInt8(AF_UNSPEC), !link.name.isEmpty else { return true }
    if message.type == Netlink.deleteLink {
      names[link.index] = nil
      return true
    }
    guard names[link.index] != nil || names.count < Self.maximumLinks else { return false }
    // A name has 15 bytes at most, which a String holds without allocating.
    names[link.index] = String(decoding: link.name, as: UTF8.self)
    return true
  }

  /// False if news were lost.
  private mutating func catchUp(into buffer: inout ReadBuffer) throws(KernelError) -> Bool {
    for _ in 0..<Self.maximumNews {
      switch try news.notification(into: &buffer) {
      case .none: return true
      case .overrun: return false
      case .datagram(let datagram):
        var messages = NetlinkMessages(datagram)
        while let message = messages.next() {
          guard apply(message) else { throw news.malformed("a link is expected") }
        }
        if messages.isBroken { throw news.malformed("the length of a message is wrong") }
      }
    }
    return false
  }

  private mutating func list(
    asking socket: NetlinkSocket, into buffer: inout ReadBuffer
  ) throws(KernelError) {
    var request = NetlinkRequest.links
    for _ in 0..<NetlinkSocket.maximumAttempts {
      names.removeAll(keepingCapacity: true)
      try socket.begin(&request)
      while let message = try socket.next(into: &buffer) {
        guard apply(message) else { throw socket.malformed("a link is expected") }
      }
      // An interrupted listing may lack a link, but then the news have it.
      if !socket.wasInterrupted { return }
    }
  }
}
