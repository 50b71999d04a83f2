/// Columns of text as wide as their widest cell, for output that is printed once.
struct TextTable {
  /// A column's heading and side.
  struct Column: Sendable {
    let title: String
    let alignment: Alignment

    /// A column headed `title`.
    init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// An empty table.
  init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row: one cell per column.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has one cell per column")
    rows.append(cells.map(\.printable))
  }

  /// The headings and the rows, each line ended by a newline, no trailing blanks.
  func text(style: Style) -> String {
    var widths = columns.map(\.title.displayWidth)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.displayWidth) }
    }
    var text = style.bold(line(columns.map(\.title), widths)) + "\n"
    for row in rows { text += line(row, widths) + "\n" }
    return text
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { line += "  " }
      line += cell.fitted(to: widths[index], alignment: columns[index].alignment)
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
