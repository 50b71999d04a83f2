/// A history in one line of text.
enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let plain: [Character] = [".", ":", "-", "=", "+", "*", "%", "#"]

  /// The newest `width` values, newest at the right, each as one character between 0 and `maximum`;
  /// what is not known is a blank.
  static func draw(
    _ values: some BidirectionalCollection<Double>, maximum: Double, width: Int,
    unicode: Bool = true
  ) -> String {
    guard width > 0 else { return "" }
    let steps = unicode ? blocks : plain
    let shown = values.suffix(width)
    var line = String(repeating: " ", count: width - shown.count)
    for value in shown {
      guard value.isFinite, maximum > 0 else {
        line.append(" ")
        continue
      }
      let step = (value / maximum * Double(steps.count)).rounded(.down)
      line.append(steps[Int(min(max(step, 0), Double(steps.count - 1)))])
    }
    return line
  }
}
