import GRPC
import Wire

// Output in messages of a bounded size: lists are divided between entries, bytes and text anywhere, and who
// reads puts them together again.
extension CommandOutput.Content {
  /// The bytes it takes on the wire, alone in a message.
  var packedBytes: Int {
    var buffer: [UInt8] = []
    CommandOutput(id: "", part: 0, content: self).encode(into: &buffer)
    return buffer.count
  }

  /// The same content in pieces of so many bytes at most. What cannot be divided stays whole.
  func parts(of limit: Int) -> [Self] {
    let count = entryCount
    let size = packedBytes
    guard count > 1, size > limit else { return [self] }
    // Entries are of about the same size; where they are not, a piece is divided again.
    let pieces = min(size / limit + 1, count)
    return (0..<pieces).flatMap { piece in
      slice(count * piece / pieces..<count * (piece + 1) / pieces).parts(of: limit)
    }
  }

  /// As much from the start as fits; nil if nothing does.
  func prefix(bytes limit: Int) -> Self? {
    let count = entries(fitting: limit)
    return count > 0 ? slice(0..<count) : nil
  }

  /// How many entries fit, by halving.
  private func entries(fitting limit: Int) -> Int {
    var fits = 0
    var exceeds = entryCount + 1
    while exceeds - fits > 1 {
      let middle = fits + (exceeds - fits) / 2
      if slice(0..<middle).packedBytes <= limit { fits = middle } else { exceeds = middle }
    }
    return fits
  }

  /// How many pieces it could be divided into.
  private var entryCount: Int {
    switch self {
    case .text(let text): text.unicodeScalars.count
    case .samples(let samples): samples.samples.count
    case .processes(let list): list.processes.count
    case .disks(let list): list.mounts.count
    case .recorder(let part): part.frames.count + part.minutes.count
    case .selfCheck(let report): report.lines.count
    case .diagnostics(let part): part.content.count
    case .plan: 1
    }
  }

  private func slice(_ range: Range<Int>) -> Self {
    switch self {
    case .text(let text):
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: text.unicodeScalars.dropFirst(range.lowerBound).prefix(range.count))
      return .text(String(piece))
    case .samples(var samples):
      samples.samples = Array(samples.samples[range])
      return .samples(samples)
    case .processes(var list):
      list.processes = Array(list.processes[range])
      return .processes(list)
    case .disks(var list):
      list.mounts = Array(list.mounts[range])
      return .disks(list)
    case .recorder(var part):
      let frames = part.frames.count
      part.minutes = Array(part.minutes[range.relative(after: frames, count: part.minutes.count)])
      part.frames = Array(part.frames[range.clamped(to: 0..<frames)])
      return .recorder(part)
    case .selfCheck(var report):
      report.lines = Array(report.lines[range])
      return .selfCheck(report)
    case .diagnostics(var part):
      part.content = Array(part.content[range])
      return .diagnostics(part)
    case .plan:
      return self
    }
  }
}

extension Range<Int> {
  /// Of places in two lists, one after the other, those in the second one.
  fileprivate func relative(after first: Int, count: Int) -> Range<Int> {
    let lower = Swift.min(Swift.max(lowerBound - first, 0), count)
    let upper = Swift.min(Swift.max(upperBound - first, lower), count)
    return lower..<upper
  }
}
