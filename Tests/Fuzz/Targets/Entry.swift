// The way in from libFuzzer, whose `main` this program has. One program holds all targets; the name it is called by
// (`run` makes a link for each) says which one it is.
import Glibc

/// Set once by libFuzzer before the first input, on its one thread.
nonisolated(unsafe) private var target = FuzzTarget.server

/// Called once, before the first input.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  let words = (0..<Int(count.pointee)).map { arguments.pointee[$0].map { String(cString: $0) } ?? "" }
  let name = words[0].split(separator: "/").last.map(String.init) ?? ""
  if name == "seeds", words.count == 2 {
    Seeds.write(into: words[1])
    exit(0)
  }
  guard let named = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("called as \(name), which is no target; there are \(names)")
  }
  target = named
  return 0
}

/// Called for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}
