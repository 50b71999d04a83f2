import Wire

/// Draws a `TopModel` as lines of exactly a terminal's width at most. Pure: what it shows depends on
/// its arguments alone.
struct TopView {
  let size: Terminal.Size
  let style: Style
  let unicode: Bool
  /// Our clock, microseconds since 1970.
  let now: Int64
  /// The address of the aggregator, for the head line.
  let aggregator: String

  /// A view for one frame.
  init(size: Terminal.Size, style: Style, unicode: Bool, now: Int64, aggregator: String) {
    self.size = size
    self.style = style
    self.unicode = unicode
    self.now = now
    self.aggregator = aggregator
  }

  /// Rows of hosts that fit under the head and above the foot.
  var page: Int { max(1, size.rows - 4) }

  /// The whole screen. Tells the model how far its page may be scrolled.
  func draw(_ model: inout TopModel) -> [String] {
    let body: [String]
    switch model.screen {
    case .fleet: body = fleet(model)
    case .help: body = help
    case .host(let id):
      let page = HostPage(view: self, model: model, hostID: id).lines
      let room = size.rows - 3
      model.limitDetailScroll(to: page.count - room)
      body = Array(page.dropFirst(model.detailScroll).prefix(max(room, 0)))
    }
    var lines = [head(model), ""] + body.prefix(max(0, size.rows - 3))
    while lines.count < size.rows - 1 { lines.append("") }
    lines.append(foot(model))
    return Array(lines.suffix(size.rows))
  }

  private func head(_ model: TopModel) -> String {
    let name = style.bold("muster")
    switch model.connection {
    case .connecting: return "\(name)  connecting to \(aggregator)…"
    case .lost(let reason):
      let room = max(0, size.columns - 8)
      return "\(name)  " + style.red("lost \(aggregator), trying again: \(reason)".printable.cut(to: room))
    case .live:
      var parts = ["\(name)  \(aggregator)", "\(model.hostCount) host\(model.hostCount == 1 ? "" : "s")"]
      for (state, paint) in [
        (HostState.online, style.green), (.stale, style.yellow), (.offline, style.red), (.stopped, style.dim),
        (.expected, style.yellow), (.retired, style.dim),
      ] {
        let count = model.count(state)
        if count > 0 { parts.append(paint("\(count) \(state.word)")) }
      }
      return parts.joined(separator: "  ")
    }
  }

  private func foot(_ model: TopModel) -> String {
    if model.isEditingFilter {
      return "filter: \(model.filter)█  " + style.dim("enter keeps it, esc clears it")
    }
    let text: String
    switch model.screen {
    case .fleet:
      let filter = model.filter.isEmpty ? "" : "  filter: \(model.filter) (esc clears)"
      text =
        "enter opens  / filters  s sorts (\(model.sortKey.rawValue))  r reverses  ? help  q quits" + filter
    case .host: text = "esc back  up/down scroll  ? help  q quits"
    case .help: text = "any key goes back"
    }
    return style.dim(text.cut(to: size.columns))
  }

  // MARK: Fleet

  private func fleet(_ model: TopModel) -> [String] {
    let columns = FleetColumn.fitting(size.columns)
    let nameWidth = max(1, size.columns - columns.reduce(0) { $0 + $1.width + 1 })
    let shown = model.visibleHosts
    var lines = [heading(columns, nameWidth, model)]
    if shown.isEmpty {
      lines.append(
        model.hostCount == 0
          ? style.dim("no host yet: start muster-collector with this aggregator's address")
          : style.dim("no host matches the filter"))
      return lines
    }
    let position = shown.firstIndex { $0.key == model.selectedID } ?? 0
    let first = max(0, min(position - page / 2, shown.count - page))
    for host in shown[first..<min(first + page, shown.count)] {
      lines.append(row(host, columns, nameWidth, model))
    }
    return lines
  }

  private func heading(_ columns: [FleetColumn], _ nameWidth: Int, _ model: TopModel) -> String {
    func mark(_ title: String, _ key: SortKey?) -> String {
      key == model.sortKey ? title + (model.isDescending ? "↓" : "↑") : title
    }
    var line = (" " + mark("HOST", .host)).fitted(to: nameWidth)
    for column in columns {
      let title = mark(column.title, column.sortKey)
      line += " " + title.fitted(to: column.width, alignment: column.alignment)
    }
    return style.bold(line)
  }

  private func row(_ host: HostInfo, _ columns: [FleetColumn], _ nameWidth: Int, _ model: TopModel) -> String
  {
    let isSelected = host.key == model.selectedID
    // Without colours the cursor must still be seen.
    let name = ((isSelected ? ">" : " ") + host.instance.printable).fitted(to: nameWidth)
    var line = isSelected ? style.reversed(name) : name
    for column in columns {
      let context = FleetColumn.CellContext(
        style: style, width: column.width, now: now + model.clockOffset, unicode: unicode)
      line += " " + column.cell(host, context)
    }
    return line
  }

  private var help: [String] {
    [
      style.bold("Fleet"),
      "  up, down, page up, page down, home, end   move      enter   open the host",
      "  /   filter by name, state or label=value            esc     clear the filter",
      "  s, S   sort by the next, the previous column        r       reverse the order",
      "  c cpu   m memory   l load   d disk   n network   p pressure   a age of the last frame",
      "",
      style.bold("Host"),
      "  esc   back to the fleet      up, down   scroll",
      "",
      style.bold("Columns"),
      "  CPU   busy share of all processors over the last interval (not idle, not waiting for I/O)",
      "  MEM   memory in use: what is not available to new programs without swapping",
      "  PSI   share of time in which some task waited for the processor, memory or I/O",
      "  AGE   time since the last frame arrived; yellow after two intervals, red after three",
      "",
      "  q, Ctrl-C   quit",
    ]
  }
}

extension String {
  /// The text in at most `width` columns.
  func cut(to width: Int) -> String {
    displayWidth <= width ? self : fitted(to: width)
  }
}
