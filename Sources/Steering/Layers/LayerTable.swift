import Selection

/// All layers, in the order in which they are put on top of each other.
///
/// Weakest first: the fleet's, then by number of conditions, then by text. A layer that names one host is
/// the strongest.
struct LayerTable: Sendable {
  private struct Layer: Sendable {
    let selector: Selector
    let rank: Int
    var stored: StoredLayer
  }

  private var layers: [String: Layer] = [:]
  private var order: [String] = []

  init(_ stored: some Sequence<StoredLayer>) {
    for layer in stored { put(layer) }
  }

  var count: Int { layers.count }

  /// Every layer, weakest first.
  var all: [StoredLayer] { order.compactMap { layers[$0]?.stored } }

  subscript(selector: String) -> StoredLayer? { layers[selector]?.stored }

  /// Adds or changes a layer. A name that is no selector is nobody's layer: only a damaged store has one.
  mutating func put(_ stored: StoredLayer) {
    let name = stored.selector
    guard layers[name] == nil else {
      layers[name]?.stored = stored
      return
    }
    guard let selector = try? Selector(parsing: name) else { return }
    let rank = selector.namesOneHost ? Int.max : selector.conditionCount
    layers[name] = Layer(selector: selector, rank: rank, stored: stored)
    let place = order.firstIndex { isWeaker(name, than: $0) } ?? order.endIndex
    order.insert(name, at: place)
  }

  /// These layers, and one of this name if it is not among them.
  func including(_ selector: String) -> LayerTable {
    var table = self
    if table[selector] == nil { table.put(StoredLayer(selector: selector)) }
    return table
  }

  /// The layers that select a host, weakest first.
  func selecting(_ host: SteeredHost) -> [String] {
    order.filter { layers[$0]?.selector.matches(host) ?? false }
  }

  private func isWeaker(_ name: String, than other: String) -> Bool {
    (layers[name]?.rank ?? 0, name) < (layers[other]?.rank ?? 0, other)
  }
}

extension Selector {
  /// Whether a host is selected by its own labels.
  func matches(_ host: SteeredHost) -> Bool {
    matches(hostID: host.hostID, instance: host.instance, labels: host.labels)
  }
}
