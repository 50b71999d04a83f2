import GRPC
import Settings

/// The waves of a rollout: how many hosts each comes to, and which hosts those are.
///
/// Sizes are cumulative: "1", "5%", "25%", "100%". A wave that adds no host is left out, and the last is
/// always everything.
struct WavePlan: Hashable, Sendable {
  private enum Size: Hashable, Sendable {
    case hosts(Int)
    case share(Double)

    func count(of total: Int) -> Int {
      switch self {
      case .hosts(let count): min(count, total)
      case .share(let share): min(Int((share * Double(total)).rounded(.up)), total)
      }
    }
  }

  private let sizes: [Size]

  /// Reads sizes as an operator writes them.
  init(_ texts: [String]) throws(Status) {
    guard texts.count <= SteeringLimits.waves else {
      throw Status(
        .invalidArgument, "waves: at most \(SteeringLimits.waves) are possible, not \(texts.count)")
    }
    var sizes: [Size] = []
    for text in texts {
      let size = try Self.size(text)
      if let last = sizes.last, !Self.grows(last, size) {
        throw Status(
          .invalidArgument,
          "waves: \(text) is not more than the wave before it; sizes are cumulative, as in 1,5%,25%,100%")
      }
      sizes.append(size)
    }
    self.sizes = sizes
  }

  /// Who is in which wave.
  struct Deal: Hashable, Sendable {
    /// The wave of each host.
    var wave: [String: UInt32]
    /// The cumulative number of hosts after each wave.
    var counts: [UInt32]
  }

  /// Deals hosts to waves. Hosts that cannot be reached are in the last; the order of the others depends on
  /// nothing but the rollout and the host, so that it is not always the same host that goes first.
  func deal(reachable: [String], others: [String], rollout: UInt64) -> Deal {
    let order = reachable.map { (key: Self.place($0, rollout), host: $0) }.sorted { $0 < $1 }.map(\.host)
    let total = reachable.count + others.count
    var deal = Deal(wave: [:], counts: [])
    var dealt = 0
    for size in sizes {
      let count = min(size.count(of: total), order.count)
      guard count > dealt, count < total else { continue }
      for host in order[dealt..<count] { deal.wave[host] = UInt32(deal.counts.count) }
      deal.counts.append(UInt32(count))
      dealt = count
    }
    for host in order[dealt...] + others { deal.wave[host] = UInt32(deal.counts.count) }
    deal.counts.append(UInt32(total))
    return deal
  }

  private static func size(_ text: String) throws(Status) -> Size {
    if text.hasSuffix("%") {
      do throws(InvalidValue) {
        return .share(try PercentText.parse(text, in: 0.000001...1))
      } catch {
        throw Status(.invalidArgument, "waves: \(text.prefix(40)): \(error.description)")
      }
    }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(text), count > 0 else {
      throw Status(
        .invalidArgument,
        "waves: \"\(text.prefix(40))\" is neither a number of hosts nor a percentage; write 1,5%,25%,100%")
    }
    return .hosts(count)
  }

  /// Whether sizes of one kind grow; how a number and a share compare depends on the fleet.
  private static func grows(_ size: Size, _ next: Size) -> Bool {
    switch (size, next) {
    case (.hosts(let a), .hosts(let b)): a < b
    case (.share(let a), .share(let b)): a < b
    default: true
    }
  }

  /// FNV-1a of host and rollout, mixed: neighbouring names are far from each other.
  private static func place(_ hostID: String, _ rollout: UInt64) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ rollout &* 0x9e37_79b9_7f4a_7c15
    for byte in hostID.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    return hash ^ hash >> 33
  }
}
