private import CYaml

/// One event of libyaml's parser, with what of it is used here.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    case alias
    case scalar(String, plain: Bool)
  }

  var kind: Kind
  var mark: YAMLMark
}

/// libyaml's parser: bytes in, events out. Owns the parser and the bytes it reads.
final class YAMLEvents {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let file: String

  init(_ input: [UInt8], file: String) {
    self.file = file
    bytes = .allocate(capacity: input.count)
    _ = bytes.initialize(from: input)
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    // Fails only when malloc does; then the parser's first step reports it.
    _ = yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event; libyaml's own complaints come out as errors with their place.
  func next() throws(SettingsError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    let mark = YAMLMark(line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    return YAMLEvent(kind: try kind(of: event, at: mark), mark: mark)
  }

  private func kind(of event: yaml_event_t, at mark: YAMLMark) throws(SettingsError) -> YAMLEvent.Kind {
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuse(anchor: scalar.anchor, tag: scalar.tag, at: mark)
      let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(String(decoding: text, as: UTF8.self), plain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, at: mark)
      return .sequenceStart
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, at: mark)
      return .mappingStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    default: return .streamEnd
    }
  }

  private func refuse(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, at mark: YAMLMark
  ) throws(SettingsError) {
    guard anchor == nil else { throw error(mark, "anchors are not supported; write the value out") }
    guard tag == nil else { throw error(mark, "tags are not supported; write the value without `!`") }
  }

  private func problem() -> SettingsError {
    let text = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
    // The reader works before marks exist: it knows a byte offset only.
    guard parser.pointee.error != YAML_READER_ERROR else {
      return error(mark(ofByte: Int(parser.pointee.problem_offset)), text)
    }
    let at = parser.pointee.problem_mark
    let mark = YAMLMark(line: Int(at.line) + 1, column: Int(at.column) + 1)
    if isTab(at: mark) { return error(mark, "a tab cannot indent YAML; use spaces") }
    guard let context = parser.pointee.context else { return error(mark, text) }
    let since = parser.pointee.context_mark
    let start = since.line == at.line ? "" : " (started on line \(since.line + 1))"
    return error(mark, "\(text) \(String(cString: context))\(start)")
  }

  private func mark(ofByte offset: Int) -> YAMLMark {
    let before = bytes.prefix(max(0, min(offset, bytes.count)))
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // UTF-8 continuation bytes are no characters of their own.
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return YAMLMark(line: line, column: column)
  }

  /// Whether a tab stands at the place, or anywhere in the indentation before it.
  private func isTab(at mark: YAMLMark) -> Bool {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard mark.line <= lines.count else { return false }
    let line = lines[mark.line - 1]
    return line.prefix(mark.column).prefix { $0 == 0x20 || $0 == 0x09 }.contains(0x09)
  }

  private func error(_ mark: YAMLMark, _ message: String) -> SettingsError {
    SettingsError(file: file, line: mark.line, column: mark.column, message: message)
  }
}
