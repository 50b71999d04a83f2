internal import GRDB

/// A value that is one row of one table.
///
/// `write` gives the columns and `init` takes them, both in the order of `table.columns`.
protocol StoredRow {
  static var table: Table { get }
  func write(to row: inout RowWriter)
  init(_ row: inout RowReader) throws
}

/// A table's name and columns, and the statements they make.
struct Table: Sendable {
  let name: String
  let columns: [String]
  /// Inserts a row, or puts its values in the place of those of the row with the same key. Never REPLACE: that
  /// removes the row first, and with it whatever refers to it.
  let upsert: String
  /// All columns; what follows FROM is up to the reader.
  let select: String

  init(_ name: String, key: [String], _ others: [String]) {
    self.name = name
    columns = key + others
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let conflict = others.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    upsert = """
      INSERT INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(marks)) \
      ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(conflict)
      """
    select = "SELECT \(columns.map { "\(name).\($0)" }.joined(separator: ", ")) FROM \(name)"
  }
}

/// Collects a row's values, column by column.
struct RowWriter {
  private(set) var values: [DatabaseValue] = []

  mutating func add(_ value: some ColumnValue) { values.append(value.column) }
}

/// Hands out a row's values, column by column. What does not fit a column's type is an error, not a trap: the
/// file is not beyond doubt.
struct RowReader {
  let row: Row
  let table: String
  private var position = 0

  init(_ row: Row, table: String) {
    self.row = row
    self.table = table
  }

  mutating func next<Value: ColumnValue>(_ type: Value.Type = Value.self) throws -> Value {
    defer { position += 1 }
    guard position < row.count, let value = Value(column: row[position] as DatabaseValue) else {
      throw damaged("is not acceptable")
    }
    return value
  }

  /// What is wrong with the column that was read last, or is being read.
  func damaged(_ what: String) -> RecordsFault {
    let names = Array(row.columnNames)
    let column = names.indices.contains(position) ? names[position] : "?"
    return .damaged("(the value of \(table).\(column) \(what))")
  }
}

extension StoredRow {
  func upsert(_ database: Database) throws {
    var writer = RowWriter()
    write(to: &writer)
    try database.run(Self.table.upsert, writer.values)
  }

  /// All rows that `tail` (WHERE, ORDER BY, LIMIT) leaves.
  static func fetch(_ database: Database, _ tail: String = "", _ values: [DatabaseValue] = []) throws
    -> [Self]
  {
    var fetched: [Self] = []
    try fetch(database, tail, values) { row in
      fetched.append(row)
      return true
    }
    return fetched
  }

  /// The rows that `tail` leaves, one after the other, until `body` says false.
  static func fetch(
    _ database: Database, _ tail: String, _ values: [DatabaseValue], _ body: (Self) throws -> Bool
  ) throws {
    let statement = try database.cachedStatement(sql: "\(table.select) \(tail)")
    let rows = try Row.fetchCursor(statement, arguments: arguments(values))
    while let row = try rows.next() {
      var reader = RowReader(row, table: table.name)
      guard try body(Self(&reader)) else { return }
    }
  }
}

/// The values of a statement. The initializer for lists of one type looks each up by key path, which costs more than
/// writing the row.
private func arguments(_ values: [DatabaseValue]) -> StatementArguments {
  StatementArguments(values.map { $0 as (any DatabaseValueConvertible)? })
}

extension Database {
  /// Executes a statement that is kept compiled.
  func run(_ sql: String, _ values: [DatabaseValue] = []) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments(values))
  }
}
