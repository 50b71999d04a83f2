import Logging

/// Levels as numbers, which can be read and written by several threads at once.
enum LogLevels {
  private static let levels = Logger.Level.allCases

  static func number(of level: Logger.Level) -> Int { levels.firstIndex(of: level) ?? 0 }

  static func level(_ number: Int) -> Logger.Level { levels[number] }
}
