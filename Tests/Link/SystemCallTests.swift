import Glibc
import Testing

@testable import Link

@Suite("System calls")
struct SystemCallTests {
  @Test func `are repeated when interrupted, and only then`() throws {
    var answers: [(answer: Int, number: Int32)] = [(-1, EINTR), (-1, EINTR), (7, 0)]
    let answer = try systemCall("read") {
      let next = answers.removeFirst()
      errno = next.number
      return next.answer
    }
    #expect(answer == 7)
  }

  @Test func `fail with their name and what errno says`() {
    do {
      try systemCall("close") { close(-1) }
      Issue.record("closed what is not open")
    } catch {
      #expect(error.description == "close: Bad file descriptor")
      #expect(!error.isBlocked)
    }
  }
}
