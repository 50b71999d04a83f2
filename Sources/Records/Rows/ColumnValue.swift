internal import Foundation
internal import GRDB

/// A value that has a column of its own.
protocol ColumnValue {
  var column: DatabaseValue { get }
  /// nil: the column holds something that is no such value.
  init?(column: DatabaseValue)
}

extension String: ColumnValue {
  var column: DatabaseValue { databaseValue }
  init?(column: DatabaseValue) {
    guard case .string(let text) = column.storage else { return nil }
    self = text
  }
}

extension Int64: ColumnValue {
  var column: DatabaseValue { databaseValue }
  init?(column: DatabaseValue) {
    guard case .int64(let number) = column.storage else { return nil }
    self = number
  }
}

/// SQLite's integers are signed; the upper half is kept as negative numbers.
extension UInt64: ColumnValue {
  var column: DatabaseValue { Int64(bitPattern: self).databaseValue }
  init?(column: DatabaseValue) {
    guard let number = Int64(column: column) else { return nil }
    self.init(bitPattern: number)
  }
}

extension UInt32: ColumnValue {
  var column: DatabaseValue { Int64(self).databaseValue }
  init?(column: DatabaseValue) {
    guard let number = Int64(column: column) else { return nil }
    self.init(exactly: number)
  }
}

extension Bool: ColumnValue {
  var column: DatabaseValue { Int64(self ? 1 : 0).databaseValue }
  init?(column: DatabaseValue) {
    guard let number = Int64(column: column) else { return nil }
    self = number != 0
  }
}

/// What is no number (NaN) SQLite keeps as NULL.
extension Double: ColumnValue {
  var column: DatabaseValue { databaseValue }
  init?(column: DatabaseValue) {
    guard case .double(let number) = column.storage else { return nil }
    self = number
  }
}

extension [UInt8]: ColumnValue {
  var column: DatabaseValue { Data(self).databaseValue }
  init?(column: DatabaseValue) {
    guard case .blob(let data) = column.storage else { return nil }
    self.init(data)
  }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
  var column: DatabaseValue { self?.column ?? .null }
  init?(column: DatabaseValue) {
    if column.isNull {
      self = .none
    } else if let value = Wrapped(column: column) {
      self = value
    } else {
      return nil
    }
  }
}
