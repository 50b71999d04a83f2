internal import CLinux
import Glibc

/// Gives back memory that only starting and connecting needed.
///
/// Reading settings, resolving names and a TLS handshake touch much more code than sampling does, and the
/// kernel maps sixteen pages around each one touched. Unmapping code and constants costs a few hundred
/// minor faults (under a millisecond) until what is really in use is mapped again, and halves what stays
/// resident: 15.6 MB to 6.9 MB over TLS.
enum ResidentPages {
  /// How long after a connection was made: its handshake, the opening frame and a few samples are over.
  static let settlingTime: Duration = .seconds(20)

  /// How long until the next time: what runs for the first time, or rarely (the first list of processes, a
  /// command), brings pages back that are not needed again soon.
  static let interval: Duration = .seconds(120)

  static func release() {
    // Only what the linker maps from files and nobody ever wrote to: dropping it loses nothing. Data
    // that is read-only after relocation is in writable segments, and stays.
    _ = dl_iterate_phdr(
      { object, _, _ in
        guard let object = object?.pointee, let headers = object.dlpi_phdr else { return 0 }
        for index in 0..<Int(object.dlpi_phnum) where headers[index].p_type == UInt32(PT_LOAD) {
          if headers[index].p_flags & UInt32(PF_W) == 0 {
            ResidentPages.unmap(from: UInt(object.dlpi_addr + headers[index].p_vaddr), headers[index].p_memsz)
          }
        }
        return 0
      }, nil)
    malloc_trim(0)
  }

  private static func unmap(from start: UInt, _ byteCount: Elf64_Xword) {
    let page = UInt(getpagesize())
    let first = start & ~(page - 1)
    let end = (start + UInt(byteCount) + page - 1) & ~(page - 1)
    // Advice that the kernel does not take (the vdso) changes nothing.
    madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_DONTNEED)
  }
}
