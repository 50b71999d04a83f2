import VirtualTime
import Wire

/// Something to sample: series that count, wander, appear and vanish, and, where things come and go, are over for ever
/// while others begin.
struct SampledHost {
  private(set) var descriptors: [SeriesDescriptor] = []
  private(set) var values: [Int64] = []
  private(set) var present: [Bool] = []
  private let wanted: Int
  private var isUnscaled: Bool
  /// Of the series that there are by now, those over included.
  private var numbers: Range<Int>
  private var over: Set<String> = []

  /// A collector that starts sees them in an order of its own, and now and then with another divisor.
  init(series: Int, _ chance: inout Chance) {
    wanted = series
    numbers = 0..<series
    isUnscaled = chance.happens(0.2)
    let known = (0..<series).filter { _ in chance.happens(0.7) }.shuffled(using: &chance)
    for number in known { add(number, &chance) }
  }

  /// One of the series is over for ever, and another will begin.
  mutating func replaceOne(_ chance: inout Chance) {
    guard let index = descriptors.indices.randomElement(using: &chance) else { return }
    guard over.insert(descriptors[index].name).inserted else { return }
    present[index] = false
    numbers = 0..<numbers.upperBound + 1
  }

  /// Forgets the series that are not there. Returns what frames have described until now.
  mutating func compact() -> [SeriesDescriptor] {
    let ended = descriptors
    let live = descriptors.indices.filter { present[$0] }
    (descriptors, values) = (live.map { descriptors[$0] }, live.map { values[$0] })
    present = live.map { _ in true }
    return ended
  }

  /// Takes the next sample.
  mutating func sample(_ chance: inout Chance) {
    if descriptors.count < wanted + over.count, chance.happens(0.05) {
      let missing = numbers.first { number in
        !over.contains(Self.name(number)) && !descriptors.contains { $0.name == Self.name(number) }
      }
      if let missing { add(missing, &chance) }
    }
    for index in descriptors.indices where !over.contains(descriptors[index].name) {
      if chance.happens(0.02) { present[index].toggle() }
      guard present[index], chance.happens(0.4) else { continue }
      values[index] = next(values[index], descriptors[index], &chance)
    }
  }

  private func next(_ raw: Int64, _ series: SeriesDescriptor, _ chance: inout Chance) -> Int64 {
    if series.type == .double {
      return Int64(bitPattern: Double.random(in: -1e9...1e9, using: &chance).bitPattern)
    }
    if chance.happens(0.02) { return Int64(bitPattern: chance.next()) }
    return raw &+ Int64.random(in: series.kind == .counter ? 0...500 : -5000...5000, using: &chance)
  }

  private mutating func add(_ number: Int, _ chance: inout Chance) {
    let kind: MetricKind = number % 3 == 0 ? .gauge : .counter
    descriptors.append(
      SeriesDescriptor(
        Self.name(number), labels: number % 2 == 0 ? [] : [Label("device", "sd\(number)")], kind: kind,
        type: number % 7 == 6 ? .double : .integer, divisor: number % 5 == 4 && !isUnscaled ? 100 : 1))
    values.append(0)
    present.append(chance.happens(0.9))
  }

  private static func name(_ number: Int) -> String { "simulated_\(number)" }
}
