/// The one source of randomness of a run. SplitMix64: small, and the same everywhere.
package struct Chance: RandomNumberGenerator {
  private var state: UInt64

  /// Equal seeds draw equally.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// True so often, of 1.
  package mutating func happens(_ probability: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < probability
  }

  /// In whole microseconds.
  package mutating func duration(_ range: ClosedRange<Duration>) -> Duration {
    let microseconds = range.lowerBound.microseconds...range.upperBound.microseconds
    return .microseconds(Int64.random(in: microseconds, using: &self))
  }

  /// A wait that averages `mean` and is sometimes nearly nothing and sometimes several times as long.
  package mutating func wait(mean: Duration) -> Duration {
    // Two draws make the short and the long rarer than one would, and need no logarithm.
    let factor = Double.random(in: 0...2, using: &self) * Double.random(in: 0...2, using: &self)
    return .microseconds(Int64(Double(mean.microseconds) * factor))
  }

  /// One of several, which are not none.
  package mutating func one<Element>(of elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &self)]
  }
}

extension Duration {
  /// Whole microseconds.
  package var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
