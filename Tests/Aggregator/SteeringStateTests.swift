import Glibc
import Records
import Testing

@testable import Aggregator

/// The folder that outlives the program.
@Suite struct SteeringStateTests {
  private let folder: String

  init() throws {
    var template = Array("/tmp/muster-state-XXXXXX".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
  }

  private func mode(of path: String) -> mode_t? {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_mode & 0o777 : nil
  }

  private func failure(_ body: () throws(ProgramFailure) -> Void) -> ProgramFailure? {
    do throws(ProgramFailure) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func itIsMadeAndIsPrivate() throws {
    defer { remove(folder) }
    let path = folder + "/state"
    let records = try StateDirectory(path).openRecords()
    #expect(mode(of: path) == 0o700)
    #expect(mode(of: path + "/muster.db") == 0o600)
    records.close()
    for name in ["muster.db", "muster.db.lock"] { unlink(path + "/" + name) }
    rmdir(path)
  }

  @Test func oneAggregatorAtATime() throws {
    let path = folder + "/state"
    let first = try StateDirectory(path).openRecords()
    let second = failure { () throws(ProgramFailure) in _ = try StateDirectory(path).openRecords() }
    #expect(second?.exitCode == EX_CANTCREAT)
    #expect(second?.sentence.contains("another aggregator") == true, "\(second?.sentence ?? "")")
    #expect(second?.sentence.contains("--state-directory") == true)
    first.close()
    // The lock goes with it.
    try StateDirectory(path).openRecords().close()
  }

  @Test(arguments: [
    ("/no/such/parent/state", "make its parent folder"), ("/proc/state", "--state-directory"),
  ])
  func whatCannotBeMadeIsSaid(_ path: String, _ remedy: String) {
    let failure = failure { () throws(ProgramFailure) in _ = try StateDirectory(path) }
    #expect(failure?.exitCode == EX_CANTCREAT)
    #expect(failure?.sentence.hasPrefix("cannot make the state directory \(path): ") == true)
    #expect(failure?.sentence.contains(remedy) == true, "\(failure?.sentence ?? "")")
  }

  @Test func aFileThatIsNoneOfOursIsLeftAlone() throws {
    let descriptor = open(folder + "/muster.db", O_WRONLY | O_CREAT, 0o600)
    let text = Array("not a database, whatever its name may say, and long enough to be read".utf8)
    #expect(write(descriptor, text, text.count) == text.count)
    close(descriptor)
    let failure = failure { () throws(ProgramFailure) in _ = try StateDirectory(folder).openRecords() }
    #expect(failure?.exitCode == EX_CANTCREAT)
    #expect(failure?.sentence.hasPrefix(folder) == true)
  }
}
