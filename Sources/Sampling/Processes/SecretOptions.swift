/// Short options that take a password, by program: `mysql -p…`, `sshpass -p …`, `redis-cli -a …`.
struct SecretOptions {
  /// Options by program. The value follows as the next argument, or at once, or (mysql) only at once.
  private static let byProgram: [(programs: [String], options: [String], onlyAttached: Bool)] = [
    (
      [
        "mysql", "mysqladmin", "mysqldump", "mysqlimport", "mysqlshow", "mysqlcheck", "mariadb",
        "mariadb-admin",
        "mariadb-dump", "7z", "7za", "7zr", "7zz",
      ], ["-p"], true
    ),
    (["sshpass", "mongo", "mongosh", "mongodump", "mongorestore", "htpasswd"], ["-p"], false),
    (["redis-cli", "valkey-cli"], ["-a"], false),
    (["curl"], ["-u", "-U", "--user", "--proxy-user"], false),
    (["ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldappasswd", "ldapwhoami"], ["-w"], false),
    (["ipmitool", "sqlcmd", "bcp", "zip", "unzip", "rar", "unrar"], ["-P", "-p"], false),
    (["smbclient", "rpcclient"], ["-U"], false),
    (["snmpget", "snmpwalk", "snmpset", "snmpbulkwalk", "snmpbulkget"], ["-c", "-A", "-X"], false),
    (["plink", "pscp", "psftp", "putty"], ["-pw"], false),
    (["xfreerdp", "wlfreerdp"], ["/p:"], true),
    // `docker login -p …` and its kin; their other subcommands have a harmless `-p`.
    (["login"], ["-p"], false),
  ]

  private var attached: [[UInt8]] = []
  private var separate: [[UInt8]] = []

  /// The options of the programs that are named anywhere among the arguments: `sudo -u db mysql -p…`.
  init(in arguments: [[UInt8]]) {
    for entry in Self.byProgram where arguments.contains(where: { Self.isProgram($0, of: entry.programs) }) {
      attached += entry.options.map { Array($0.utf8) }
      if !entry.onlyAttached { separate += entry.options.map { Array($0.utf8) } }
    }
  }

  /// How much of an argument is option, if a secret follows at once: 2 of `-phunter2`.
  func visiblePrefix(of argument: [UInt8]) -> Int? {
    if let option = attached.first(where: { argument.count > $0.count && argument.starts(with: $0) }) {
      // `--user=…` has its value behind the sign.
      let isLong = option.starts(with: "--".utf8)
      if !isLong { return option.count }
      return argument[option.count] == UInt8(ascii: "=") ? option.count + 1 : nil
    }
    return Self.isPassword(argument) ? 2 : nil
  }

  /// Whether the next argument is a secret.
  func asksForSecret(_ argument: [UInt8]) -> Bool { separate.contains(argument) }

  private static func isProgram(_ argument: [UInt8], of programs: [String]) -> Bool {
    let name = argument.suffix(while: { $0 != UInt8(ascii: "/") })
    return programs.contains { $0.utf8.elementsEqual(name) }
  }

  /// `-pX` of a program that is not known: not one of the many options that begin so (`-path`, `-pthread`),
  /// nor a port (`-p8080:80`), nor a path.
  private static func isPassword(_ argument: [UInt8]) -> Bool {
    guard argument.count > 3, argument.starts(with: "-p".utf8) else { return false }
    let value = argument[2...]
    let isLowercaseWord = value.allSatisfy {
      SecretNames.isNameByte($0) && !SecretNames.isDigit($0) && !SecretNames.isUppercase($0)
    }
    let isPort = value.allSatisfy { SecretNames.isDigit($0) || ":.,/-".utf8.contains($0) }
    return !isLowercaseWord && !isPort && value.first != UInt8(ascii: "/")
      && !value.contains(UInt8(ascii: "="))
  }
}

extension [UInt8] {
  /// The longest end of which every byte is so.
  fileprivate func suffix(while isSo: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    self[(lastIndex { !isSo($0) }.map { $0 + 1 } ?? 0)...]
  }
}
