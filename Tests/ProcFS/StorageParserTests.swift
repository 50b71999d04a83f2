import Testing

@testable import ProcFS

@Suite struct StorageParserTests {
  private func arrays(_ text: String) throws -> [MDStat.Array] {
    try text.parsed(MDStat()) { try $0.parse($1) }.arrays
  }

  @Test func anArrayThatLacksADiskAndIsFilled() throws {
    let text = """
      Personalities : [raid6] [raid5] [raid4]
      md6 : active raid6 sdp1[4](S) sdo1[5] sdn1[3] sdm1[2](F) sdl1[1](W) sdk1[0](R)
            7813529600 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/3] [UU_U]
            [>....................]  recovery =  4.1% (160281088/3906764800) finish=1215.2min speed=51382K/sec
            bitmap: 12/30 pages [48KB], 65536KB chunk

      unused devices: <none>

      """
    let array = try #require(try arrays(text).first)
    #expect(Array(text.utf8).withUnsafeBytes { array.name.string(in: $0) } == "md6")
    #expect(array.state == .recovering)
    #expect(array.blocks == 7_813_529_600 && array.synced == 160_281_088 && array.toSync == 3_906_764_800)
    #expect(array.requiredDisks == 4 && array.activeDisks == 3)
    #expect(array.failedDisks == 1 && array.spareDisks == 1)
  }

  @Test(
    arguments: [
      ("md1 : active raid1 b[1] a[0]\n  9 blocks [2/2] [UU]\n", .active, 9, nil),
      ("md1 : active (read-only) raid1 b[1] a[0]\n  9 blocks [2/2] [UU]\n", .active, 9, nil),
      ("md1 : active raid1 b[1] a[0]\n  9 blocks [2/2] [UU]\n  \tresync=DELAYED\n", .resync, 0, nil),
      ("md1 : active raid1 b[1] a[0]\n  9 blocks [2/2] [UU]\n  \tresync=PENDING\n", .resync, 0, nil),
      ("md1 : active raid1 b[1] a[0]\n  9 blocks [2/2] [UU]\n  \tresync=REMOTE\n", .resync, nil, nil),
      (
        "md1 : active raid1 b[1] a[0]\n  9 blocks [2/2] [UU]\n  [==>.]  resync =100.0% (3/9) finish=6.9min speed=1K/sec\n",
        .resync, 3, 9
      ),
      (
        "md1 : active raid1 b[1] a[0]\n  9 blocks [2/2] [UU]\n  bitmap: 0/1 pages [0KB], 65536KB chunk\n  [=>] check = 1.0% (1/8)\n",
        .check, 1, 8
      ),
      ("md1 : active raid5 b[1] a[0]\n  9 blocks [2/2] [UU]\n  [=>] reshape = 1.0% (1/8)\n", .reshape, 1, 8),
    ] as [(String, MDStat.State, Int64?, Int64?)])
  func whatGoesOn(_ text: String, _ state: MDStat.State, _ synced: Int64?, _ toSync: Int64?) throws {
    let array = try #require(try arrays(text).first)
    #expect(array.state == state && array.synced == synced && array.toSync == toSync && array.blocks == 9)
    #expect(array.requiredDisks == 2 && array.activeDisks == 2)
  }

  @Test func arraysOfWhichTheKernelSaysLess() throws {
    let text = """
      md4 : active raid0 u[1] t[0]
            100 blocks super 1.2 512k chunks

      md3 : active linear w[2] v[1] u[0]
            200 blocks super 1.2 0k rounding

      md127 : inactive x[0](S)
            300 blocks super 1.2

      md126 : inactive
            super external:imsm

      md8 : broken raid0 s[1]
            500 blocks super 1.2 512k chunks

      md9 : active faulty y[0]
            400 blocks nfaults=0

      """
    let found = try arrays(text)
    #expect(found.map(\.blocks) == [100, 200, 300, nil, 500, 400])
    #expect(found.map(\.requiredDisks) == [2, 3, nil, nil, nil, nil])
    #expect(found.map(\.activeDisks) == [2, 3, 0, 0, nil, nil])
    #expect(found.map(\.state) == [.active, .active, .inactive, .inactive, .broken, .active])
    #expect(found[2].spareDisks == 1)
    #expect(try arrays("Personalities : \nunused devices: <none>\n").isEmpty)
    #expect(try arrays("   a line without an array\n").isEmpty)
  }

  @Test(arguments: [("md0 active raid1", 1), ("\nmd0 : ready raid1", 2), ("md0", 1), ("md0 :", 1)])
  func mdstatSaysWhatIsWrong(_ text: String, _ line: Int) {
    let error = KernelError.malformed(
      file: "proc/mdstat", line: line, reason: "a name, a colon and active, inactive or broken are expected")
    #expect(throws: error) { try arrays(text) }
  }

  @Test func kstat() throws {
    let text = """
      13 1 0x01 4 1088 3127044182 862938284371
      name                            type data
      hits                            4    18446744073709551615
      available                       3    -35901223
      dataset_name                    7    tank/my files
      empty                           7

      """
    let entries = try text.parsed(KStat()) { try $0.parse($1, file: "k") }.entries
    #expect(entries.map(\.value) == [.max, -35_901_223, nil, nil])
    #expect(
      entries.map { entry in Array(text.utf8).withUnsafeBytes { entry.text.string(in: $0) } }[2...] == [
        "tank/my files", "",
      ])
  }

  @Test(arguments: [
    ("", 2, "name type data is expected"), ("13 1\nname data\n", 2, "name type data is expected"),
    ("13 1\nname type data\nhits x 1\n", 3, "the number of a type is expected behind the name"),
    ("13 1\nname type data\nhits 4 1\nmisses 4 1.5\n", 4, "an integer is expected behind the type"),
    ("13 1\nname type data\nhits 4\n", 3, "an integer is expected behind the type"),
  ])
  func kstatSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "k", line: line, reason: reason)) {
      try text.parsed(KStat()) { try $0.parse($1, file: "k") }
    }
  }

  @Test func poolIO() throws {
    let text = "12 3 0x00 1 80 79205351707403 395818011156865\nnread nwritten reads\n1884160  6450688  22\n"
    let io = try text.parsed(PoolIO()) { try $0.parse($1, file: "io") }
    #expect(io.columns.map(\.value) == [1_884_160, 6_450_688, 22])
    #expect(
      throws: KernelError.malformed(file: "io", line: 3, reason: "a number is expected for each name above")
    ) {
      try "1\na b\n1\n".parsed(PoolIO()) { try $0.parse($1, file: "io") }
    }
    #expect(throws: KernelError.malformed(file: "io", line: 2, reason: "names of columns are expected")) {
      try "".parsed(PoolIO()) { try $0.parse($1, file: "io") }
    }
  }

  @Test func xfs() throws {
    let text = "extent_alloc 1 2 3 4\nrw 5 6\nrmapbt 0 0\nxpc 18446744073709551615 8 9\ndebug 0\n"
    let stats = try text.parsed(XFSStats()) { try $0.parse($1, file: "x") }
    #expect(stats[.extentAllocation] == [1, 2, 3, 4] && stats[.calls] == [5, 6])
    #expect(stats[.bytes] == [.max, 8, 9] && stats[.log] == [])
    #expect(throws: KernelError.malformed(file: "x", line: 2, reason: "numbers are expected behind rw")) {
      try "dir 1 2 3 4\nrw 5 x\n".parsed(XFSStats()) { try $0.parse($1, file: "x") }
    }
    #expect(throws: KernelError.malformed(file: "x", line: 2, reason: "no numbers that are known")) {
      try "other 1\n".parsed(XFSStats()) { try $0.parse($1, file: "x") }
    }
  }

  @Test(
    arguments: [
      ("0\n", 0), ("1305\n", 1305), ("4.0k\n", 4096), ("0.7k", 716), ("-790.0k\n", -808_960),
      ("20.4G", 21_904_333_209),
      ("1.1M/sec\n", 1_153_433), ("0.9T", 989_560_464_998), ("512.0P", 576_460_752_303_423_488),
      ("9223372036854775807", .max), ("9999999999999.9P", .max), ("1.10k", 1945), ("", nil), ("k", nil),
      ("1.k", nil),
      ("1.99k", nil), ("1.0E", nil), ("1.0k x", nil), ("1 k", nil), ("--1", nil),
    ] as [(String, Int64?)])
  func bcacheNumbers(_ text: String, _ expected: Int64?) {
    #expect(Array(text.utf8).withUnsafeBytes { BcacheText.integer($0) } == expected)
  }

  @Test func keyedLines() {
    let text = Array("write_errs 2\nread_errs 3\nrate:\t\t1.1M/sec\nlast".utf8)
    text.withUnsafeBytes { text in
      #expect(KeyedLine.integer(of: "read_errs", in: text) == 3)
      #expect(KeyedLine.integer(of: "errs", in: text) == nil)
      #expect(KeyedLine.integer(of: "rate:", in: text) == nil)
      #expect(
        KeyedLine.value(of: "rate:", in: text).map { String(decoding: $0, as: UTF8.self) } == "1.1M/sec")
      #expect(KeyedLine.value(of: "last", in: text) == nil)
    }
  }

  /// Cut at each byte, and with bytes replaced, in memory that ends where it may not be touched.
  @Test(arguments: [
    "proc/mdstat", "proc/spl/kstat/zfs/dmu_tx", "proc/spl/kstat/zfs/tank/objset-0x104",
    "sys/fs/xfs/sdy1/stats/stats",
    "sys/fs/bcache/deadbeef-6c3f-4a1c-9b1e-1f0ad2c8e111/bdev0/writeback_rate_debug",
  ])
  func brokenText(_ path: String) throws {
    let whole = try #require(Fixture.text("linux-6.1-storage-server", path))
    let memory = GuardedText(capacity: whole.count)
    var random = SplitMixGenerator(state: 11)
    for count in 0...whole.count { Self.parseAsEverything(memory.place(whole[..<count])) }
    let interesting = Array(" \n\t:-=.,()[]/0129UkG_(S)\u{0}".utf8) + [0xff]
    var text = whole
    for round in 0..<500 {
      text[Int.random(in: text.indices, using: &random)] = interesting.randomElement(using: &random) ?? 0
      Self.parseAsEverything(memory.place(text))
      if round % 10 == 9 { text = whole }
    }
  }

  private static func parseAsEverything(_ text: UnsafeRawBufferPointer) {
    var mdstat = MDStat()
    try? mdstat.parse(text)
    var kstat = KStat()
    try? kstat.parse(text, file: "k")
    var io = PoolIO()
    try? io.parse(text, file: "io")
    var xfs = XFSStats()
    try? xfs.parse(text, file: "x")
    _ = BcacheText.integer(text)
    _ = KeyedLine.value(of: "rate:", in: text)
    var metrics = MetricsText()
    try? metrics.parse(text, file: "m")
  }
}
