internal import CLinux
import Glibc

/// Gives back memory that only starting and connecting needed.
///
/// Reading settings, resolving names and a TLS handshake touch much more code than sampling does, and the
/// kernel maps sixteen pages around each one touched. Unmapping code and constants costs a few hundred
/// minor faults (under a millisecond) until what is really in use is mapped again, and halves what stays
/// resident.
enum ResidentPages {
  /// How long after a connection was made: its handshake, the opening frame and a few samples are over.
  static let settlingTime: Duration = .seconds(20)

  /// How long until the next time: what comes once a minute has then come for the first time, and what that alone
  /// needed (types made by their names, for the most part) never runs again.
  static let firstInterval: Duration = .seconds(60)

  /// How long from one time to the next from there on: what runs rarely (a command, another configuration) brings
  /// pages back that are not needed again soon.
  static let interval: Duration = .seconds(120)

  static func release() {
    malloc_trim(0)
    // All of them are known before the first is unmapped: finding them reads the first page of each.
    for segment in unwrittenSegments() {
      // Advice that the kernel does not take (the vdso) changes nothing.
      madvise(UnsafeMutableRawPointer(bitPattern: segment.lowerBound), segment.count, MADV_DONTNEED)
    }
  }

  /// Only what the loader maps from files and nobody ever wrote to: dropping it loses nothing. Data that is
  /// read-only after relocation is in writable segments, and stays.
  static func unwrittenSegments() -> [Range<UInt>] {
    var segments: [Range<UInt>] = []
    withUnsafeMutablePointer(to: &segments) { segments in
      _ = dl_iterate_phdr(
        { object, _, segments in
          if let object, let segments {
            ResidentPages.append(object.pointee, to: segments.assumingMemoryBound(to: [Range<UInt>].self))
          }
          return 0
        }, segments)
    }
    return segments
  }

  private static func append(_ object: dl_phdr_info, to segments: UnsafeMutablePointer<[Range<UInt>]>) {
    for header in UnsafeBufferPointer(start: object.dlpi_phdr, count: Int(object.dlpi_phnum))
    where header.p_type == UInt32(PT_LOAD) && header.p_flags & UInt32(PF_W) == 0 {
      segments.pointee.append(pages(from: UInt(object.dlpi_addr + header.p_vaddr), UInt(header.p_memsz)))
    }
  }

  private static func pages(from start: UInt, _ byteCount: UInt) -> Range<UInt> {
    let page = UInt(getpagesize())
    return start & ~(page - 1)..<(start + byteCount + page - 1) & ~(page - 1)
  }
}
