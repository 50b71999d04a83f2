import COpenSSL
import Testing

@testable import Link

@Suite("OpenSSL, loaded when it is wanted")
struct OpenSSLTests {
  private static func find(in library: String) -> LinkError? {
    let functions = UnsafeMutablePointer<copenssl_functions>.allocate(capacity: 1)
    defer { functions.deallocate() }
    return OpenSSL.find(in: library, into: functions)
  }

  @Test func everyFunctionIsThere() {
    #expect(Self.find(in: String(cString: copenssl_soname())) == nil)
  }

  @Test func aLibraryThatIsMissingIsNamed() throws {
    let error = try #require(Self.find(in: "libssl.so.0"))
    #expect(error.code == .configuration)
    #expect(error.message.hasPrefix("TLS needs OpenSSL: libssl.so.0: cannot open shared object file"))
  }

  @Test func aFunctionThatIsMissingIsNamed() {
    #expect(
      Self.find(in: "libc.so.6")?.message
        == "TLS needs OpenSSL: libc.so.6 has no ASN1_STRING_get0_data")
  }
}
