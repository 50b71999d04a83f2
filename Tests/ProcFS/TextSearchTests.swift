import ProcFS
import Testing

@Suite struct TextSearchTests {
  @Test(arguments: [
    ("/host/proc/1/mounts", "/proc/1/", true), ("/proc/1/", "/proc/1/", true), ("/proc/1", "/proc/1/", false),
    ("kube-kubepods-pod", "-kubepods-", true), ("aab", "ab", true), ("", "a", false), ("é", "\u{e9}", true),
  ])
  func finds(_ text: String, _ part: String, _ isThere: Bool) {
    #expect(text.holds(part) == isThere)
    #expect(("x" + text + "y").dropFirst().holds(part) == isThere)
  }
}
