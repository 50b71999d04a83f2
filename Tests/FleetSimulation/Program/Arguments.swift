import Glibc

/// What is to be simulated.
struct Arguments {
  var firstSeed: UInt64 = 1
  var seeds: UInt64 = 1000
  var hosts = 200
  var trace = false
  var threads = 2

  static let usage = """
    usage: muster-simulate [--seeds N] [--seed N] [--hosts N] [--threads N] [--trace]
      --seeds N    so many runs, with seeds from 1 (or from --seed) on
      --seed N     this seed; alone: only this one
      --hosts N    hosts of a fleet
      --trace      print what happens; for one seed
    """

  /// Reads the command line; nil: it cannot be read.
  init?(_ words: [String]) {
    var rest = words[...]
    var saysSeeds = false
    var saysSeed = false
    while let word = rest.popFirst() {
      if word == "--trace" {
        trace = true
        continue
      }
      guard let text = rest.popFirst(), let number = UInt64(text) else { return nil }
      switch word {
      case "--seeds": (seeds, saysSeeds) = (number, true)
      case "--seed": (firstSeed, saysSeed) = (number, true)
      case "--hosts" where 1...100_000 ~= number: hosts = Int(number)
      case "--threads" where 1...64 ~= number: threads = Int(number)
      default: return nil
      }
    }
    if saysSeed, !saysSeeds { seeds = 1 }
  }

  /// Swift hashes differently in every process, unless it is told not to before it begins: then dictionaries have the
  /// same order in every run, and a seed the same course.
  var mustBeginAgain: Bool { getenv("SWIFT_DETERMINISTIC_HASHING") == nil }

  /// Becomes this program once more, told so. Returns if that cannot be.
  func beginAgain() {
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
    var words = CommandLine.arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", &words)
  }
}
