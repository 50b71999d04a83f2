internal import Foundation

/// Lists inside of a row, as JSON text that people can read.
enum JSONText {
  static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // What is encoded here is made of texts, numbers and lists of them: nothing that JSON has no form for.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }

  static func decode<Value: Decodable>(_ text: String) -> Value? {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(Value.self, from: Data(text.utf8))
  }
}

extension RowWriter {
  mutating func add<Element: Encodable>(json list: [Element]) {
    add(list.isEmpty ? "[]" : JSONText.encode(list))
  }

  mutating func add(json value: some Encodable) { add(JSONText.encode(value)) }
}

extension RowReader {
  mutating func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    let text: String = try next()
    guard let value: Value = JSONText.decode(text) else {
      throw RecordsFault.damaged("(\(table) holds bad JSON)")
    }
    return value
  }

  mutating func json<Element: Decodable>(_ type: [Element].Type = [Element].self) throws -> [Element] {
    let text: String = try next()
    if text == "[]" { return [] }
    guard let list: [Element] = JSONText.decode(text) else {
      throw RecordsFault.damaged("(\(table) holds bad JSON)")
    }
    return list
  }
}
