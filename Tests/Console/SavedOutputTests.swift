import Foundation
import Testing
import Wire

@testable import Console

@Suite struct PlainNameTests {
  @Test(arguments: ["web1", "settings.yaml", "a-b_c.9", String(repeating: "x", count: 64)])
  func plain(name: String) {
    #expect(PlainName.isPlain(name))
    #expect(PlainName.folder(instance: name, hostID: "ab", taken: []) == name)
  }

  @Test(arguments: [
    "", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden", "-rf", "a b", "ä", "a\0b", "a\nb",
    String(repeating: "x", count: 65),
  ])
  func notPlain(name: String) {
    #expect(!PlainName.isPlain(name))
    let folder = PlainName.folder(instance: name, hostID: "0123abcd/../x", taken: [])
    #expect(PlainName.isPlain(folder), "\(folder)")
    #expect(folder.hasSuffix(".0123abcd"))
  }

  @Test func twinsHaveFoldersOfTheirOwn() {
    #expect(PlainName.folder(instance: "web1", hostID: "0a", taken: ["web1"]) == "web1.0a")
    #expect(PlainName.folder(instance: "web1", hostID: "0a", taken: ["web1", "web1.0a"]) == "web1.0a.2")
    #expect(PlainName.folder(instance: "//", hostID: "", taken: []) == "__.")
    #expect(PlainName.folder(instance: "", hostID: "", taken: []) == "host.")
  }
}

@Suite struct SavedOutputTests {
  private let place = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")

  @Test func diagnosticsAFolderForEachHost() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    let saved = try SavedOutput(.diagnostics(folder: place.path))
    for (name, content) in [("log", "one "), ("log", "two"), ("state", "s")] {
      #expect(try saved.take(part(name, content), hostID: "0a", instance: "web1") == nil)
    }
    #expect(saved.finish(hostID: "0a") == "2 files, 8B, saved in \(place.path)/web1")
    #expect(saved.finish(hostID: "0a") == nil)
    #expect(try read("web1/log") == "one two")
    #expect(try read("web1/state") == "s")
    #expect(try saved.take(part("log", "x"), hostID: "0b", instance: "a/../../b") == nil)
    #expect(saved.finish(hostID: "0b") == "1 file, 1B, saved in \(place.path)/a_.._.._b.0b")
    #expect(try read("a_.._.._b.0b/log") == "x")
    let mode = try FileManager.default.attributesOfItem(atPath: place.path + "/web1/log")[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test(arguments: ["../evil", "/tmp/evil", "..", ".ssh", "", "a\0b"])
  func noNameFromTheWireBecomesAPath(name: String) throws {
    defer { try? FileManager.default.removeItem(at: place) }
    let saved = try SavedOutput(.diagnostics(folder: place.path))
    let said = try saved.take(part(name, "x"), hostID: "0a", instance: "web1")
    #expect(said == .text("not saved: '\(name.printable)' is no plain file name"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  @Test func aHostMaySendSoManyFiles() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    let saved = try SavedOutput(.diagnostics(folder: place.path))
    for number in 0..<SavedOutput.filesPerHostMaximum {
      _ = try saved.take(part("f\(number)", "x"), hostID: "0a", instance: "web1")
    }
    #expect(
      try saved.take(part("more", "x"), hostID: "0a", instance: "web1")
        == .text("not saved: more than 64 files"))
    // What is there may still grow, and another host has room of its own.
    #expect(try saved.take(part("f0", "y"), hostID: "0a", instance: "web1") == nil)
    #expect(try read("web1/f0") == "xy")
    _ = try saved.take(part("f0", "z"), hostID: "0b", instance: "web2")
    #expect(try read("web2/f0") == "z")
  }

  @Test func aFolderWithThingsInItIsNotWrittenTo() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    _ = try SavedOutput(.diagnostics(folder: place.path))
    try Data("x".utf8).write(to: place.appending(path: "old"))
    let failure = try #require(throws: CommandFailure.self) {
      try SavedOutput(.diagnostics(folder: place.path))
    }
    #expect(failure.code == .usage && failure.description.contains("is not empty"))
    let missing = try #require(throws: CommandFailure.self) {
      try SavedOutput(.recording(file: place.path + "/no/such/file"))
    }
    #expect(missing.code == .cannotCreate && missing.description.contains("No such file"))
  }

  @Test func recordingsAreLines() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    let saved = try SavedOutput(.recording(file: place.path))
    let minute = RecorderPart(frames: [], minutes: [ProcessList(timeMicroseconds: 60, total: 3)])
    #expect(try saved.take(.recorder(minute), hostID: "0a", instance: "web1") == nil)
    let broken = try saved.take(
      .recorder(RecorderPart(frames: [[0xFF, 0xFF]])), hostID: "0a", instance: "web1")
    guard case .text(let text) = broken else {
      Issue.record("a broken frame is told")
      return
    }
    #expect(text.hasPrefix("not saved, the recording cannot be read"))
    #expect(
      saved.finish(hostID: "0a") == "0 frames, 0B, and the processes of 1 minute saved in \(place.path)")
    let lines = try String(contentsOf: place, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1)
    let line = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(line["type"] as? String == "processes" && line["host_id"] as? String == "0a")
    // Output of another kind stays what it is.
    #expect(try saved.take(.text("x"), hostID: "0a", instance: "web1") == .text("x"))
  }

  private func part(_ name: String, _ content: String) -> CommandOutput.Content {
    .diagnostics(DiagnosticsPart(name: name, content: Array(content.utf8)))
  }

  private func read(_ path: String) throws -> String {
    try String(contentsOf: place.appending(path: path), encoding: .utf8)
  }
}
