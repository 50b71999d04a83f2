/// Whether a call reads, and how much window it owes its peer since it stopped.
struct ReadingPause {
  private var isPaused = false
  private var owed = 0

  mutating func pause() {
    isPaused = true
  }

  /// What is to be given back now.
  mutating func resume() -> Int {
    isPaused = false
    defer { owed = 0 }
    return owed
  }

  /// Whether to give window back for received bytes now; otherwise they are remembered.
  mutating func received(_ count: Int) -> Bool {
    if isPaused { owed += count }
    return !isPaused
  }
}
