import Testing

@testable import Sampling

@Suite struct SecretMaskTests {
  /// Arguments, separated by `|` here, and how they are shown.
  static let table: [(arguments: String, shown: String)] = [
    // Nothing to hide.
    ("nginx: worker process", "nginx: worker process"),
    ("/usr/sbin/sshd|-D|-p22", "/usr/sbin/sshd -D -p22"),
    ("docker|run|-p8080:80|-p|443:443|nginx", "docker run -p8080:80 -p 443:443 nginx"),
    ("gcc|-pthread|-pipe|-O2", "gcc -pthread -pipe -O2"),
    ("mkdir|-p|/a/b", "mkdir -p /a/b"), ("tool|-p/var/run/x", "tool -p/var/run/x"),
    ("postgres|--config-file=/etc/x.conf", "postgres --config-file=/etc/x.conf"),
    ("app|--password-file=/run/secrets/db", "app --password-file=/run/secrets/db"),
    ("app|--token-file|/run/token", "app --token-file /run/token"),
    ("java|-Xmx2g|com.example.Main", "java -Xmx2g com.example.Main"),
    ("curl|https://host:8443/a@b", "curl https://host:8443/a@b"),
    ("git|clone|ssh://git@host/x", "git clone ssh://git@host/x"),
    (
      "kubelet|--container|3f1a9c0d4e5b6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8",
      "kubelet --container 3f1a9c0d4e5b6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8"
    ),
    // Options with the value behind a sign.
    ("app|--password=hunter2|-v", "app --password=*** -v"),
    ("app|--db-password=a b c|-v", "app --db-password=*** -v"),
    ("app|--api_key=x|--secretKey=y|--authToken=z", "app --api_key=*** --secretKey=*** --authToken=***"),
    ("java|-Dspring.datasource.password=x|-jar|a.jar", "java -Dspring.datasource.password=*** -jar a.jar"),
    (
      "env|PGPASSWORD=x|MYSQL_PWD=y|REDISCLI_AUTH=z|HOME=/root",
      "env PGPASSWORD=*** MYSQL_PWD=*** REDISCLI_AUTH=*** HOME=/root"
    ),
    ("env|AWS_SECRET_ACCESS_KEY=abc|AWS_REGION=eu", "env AWS_SECRET_ACCESS_KEY=*** AWS_REGION=eu"),
    ("app|--password=", "app --password="),
    ("app|password: x y", "app password: ***"),
    // The value is the next argument.
    ("app|--password|hunter2|--verbose", "app --password *** --verbose"),
    ("app|-token|abc|-v", "app -token *** -v"),
    ("app|--token|--verbose", "app --token --verbose"),
    ("kubeadm|join|--token|abc.def|host", "kubeadm join --token *** host"),
    ("aws|configure|set|aws_secret_access_key|abc", "aws configure set aws_secret_access_key ***"),
    ("redis-cli|-h|db|AUTH|hunter2", "redis-cli -h db AUTH ***"),
    // Short options.
    ("mysql|-u|root|-phunter", "mysql -u root -p***"), ("mysql|-p|shop", "mysql -p shop"),
    ("sudo|-u|db|/usr/bin/mysqldump|-psecret|shop", "sudo -u db /usr/bin/mysqldump -p*** shop"),
    ("tool|-pHunter2", "tool -p***"), ("tool|-px!y", "tool -p***"),
    ("sshpass|-p|x y|ssh|host", "sshpass -p *** ssh host"), ("sshpass|-px", "sshpass -p***"),
    ("redis-cli|-a|x|ping", "redis-cli -a *** ping"),
    ("curl|-u|bob:x|https://h", "curl -u *** https://h"), ("curl|--user=bob:x", "curl --user=***"),
    ("curl|-ubob:x", "curl -u***"),
    ("docker|login|-u|bob|-p|x|registry", "docker login -u bob -p *** registry"),
    ("7z|x|-pabc|a.7z", "7z x -p*** a.7z"), ("snmpwalk|-v2c|-c|public|h", "snmpwalk -v2c -c *** h"),
    ("openssl|rsa|-passin|pass:x y|-in|k.pem", "openssl rsa -passin pass:*** -in k.pem"),
    ("openssl|rsa|pass:x", "openssl rsa pass:***"),
    // Headers, JSON, queries.
    ("curl|-H|Authorization: Bearer abc|h", "curl -H Authorization: *** h"),
    ("curl|-HX-Api-Key: abc", "curl -HX-Api-Key: ***"),
    (#"curl|-d|{"user":"bob","password":"a\"b","n":1}"#, #"curl -d {"user":"bob","password":"***","n":1}"#),
    (#"curl|-d|{"token":123,"n":1}"#, #"curl -d {"token":***,"n":1}"#),
    ("curl|https://h/x?a=1&access_token=abc&b=2", "curl https://h/x?a=1&access_token=***&b=2"),
    // URLs.
    ("app|postgres://app:x@db/shop", "app postgres://app:***@db/shop"),
    ("app|postgres://app:x/y@z@db/shop", "app postgres://app:***@db/shop"),
    ("app|--url=amqp://:x@h", "app --url=amqp://:***@h"),
    ("git|clone|https://0123456789abcdef0123@h/x", "git clone https://***@h/x"),
    // Shapes.
    ("app|AKIAIOSFODNN7EXAMPLE", "app ***"), ("app|x|ghp_0123456789abcdefghij", "app x ***"),
    ("app|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "app ***"),
    ("app|wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "app ***"),
    // Arguments of several words.
    ("sh|-c|mysql -u root -pHunter2 shop && echo ok", "sh -c mysql -u root -p*** shop && echo ok"),
    ("sh|-c|sshpass -p abc ssh h", "sh -c sshpass -p *** ssh h"),
    ("sh|-c|app --password 'a b c' -v", "sh -c app --password *** -v"),
    ("sh|-c|X=1 DB_PASSWORD=abc app -v", "sh -c X=1 DB_PASSWORD=*** app -v"),
    ("sh|-c|curl -H 'Authorization: Bearer abc' https://h", "sh -c curl -H 'Authorization: ***' https://h"),
    // Whatever a process writes into its own title.
    ("a\u{1B}[31m\nb", "a [31m b"),
  ]

  @Test(arguments: table)
  func commandLines(_ arguments: String, _ shown: String) {
    let bytes = arguments.utf8.map { $0 == UInt8(ascii: "|") ? 0 : $0 }
    #expect(bytes.withUnsafeBytes { SecretMask.commandLine($0) } == shown)
  }

  /// Whatever stands there, it ends, and the secret is not in it.
  @Test func nothingTraps() {
    var random = Seeded(5)
    let pieces = [
      "--password", "=", ":", "x", " ", "\0", "\"", "'", "://", "@", "/", "\\", "-p", "\u{FF}", "{", "token",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
      _ = Array(text.utf8).withUnsafeBytes { SecretMask.commandLine($0) }
    }
    _ = SecretMask.commandLine(UnsafeRawBufferPointer(start: nil, count: 0))
  }

  @Test(arguments: [
    ("password", true), ("dbPassword", true), ("DB_PASS", true), ("api-key", true), ("apikey", true),
    ("AccountKey", true), ("x-amz-signature", true), ("tls.key_file", false), ("token_ttl", false),
    ("keyboard", false), ("author", false), ("passenger", false), ("", false), ("---", false),
  ])
  func names(_ name: String, _ isSecret: Bool) {
    #expect(SecretNames.speakOfSecret(Array(name.utf8)) == isSecret)
  }
}
