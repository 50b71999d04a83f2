import Testing

@testable import Sampling

@Suite struct NetworkFilterTests {
  /// What node_exporter's regular expression says of each.
  @Test(arguments: [
    ("Tcp_InErrs", true), ("Udp_InErrors", true), ("UdpLite6_InErrors", true), ("_InErrs", true),
    ("A_B_InErrs", true),
    ("InErrs", false), ("Ip_InErrorsX", false), ("Udp_XInErrors", false),
    ("Ip_Forwarding", true), ("Ip6_Forwarding", false), ("Ip_DefaultTTL", false),
    ("Ip6_InOctets", true), ("IpExt_OutOctets", true), ("Ip_InOctets", false), ("Ip6_InOctetsX", false),
    ("IpExt_InMcastOctets", false),
    ("Icmp_InMsgs", true), ("Icmp6_OutMsgs", true), ("IcmpMsg_InMsgs", false), ("Icmp6_InEchos", false),
    ("TcpExt_ListenOverflows", true), ("TcpExt_ListenDrops", true), ("TcpExt_Listen", true),
    ("TcpExt_SyncookiesFailed", true), ("TcpExt_TCPSynRetrans", true), ("TcpExt_TCPTimeouts", true),
    ("TcpExt_TCPTimeoutsX", false), ("TcpExt_XListen", false), ("TcpExt_TW", false),
    ("MPTcpExt_Listen", false),
    ("Tcp_ActiveOpens", true), ("Tcp_InSegs", true), ("Tcp_OutSegs", true), ("Tcp_OutRsts", true),
    ("Tcp_PassiveOpens", true), ("Tcp_RetransSegs", true), ("Tcp_CurrEstab", true), ("Tcp_MaxConn", false),
    ("Tcp_InSegsX", false), ("xTcp_InSegs", false),
    ("Udp_InDatagrams", true), ("Udp6_OutDatagrams", true), ("Udp_NoPorts", true),
    ("Udp6_RcvbufErrors", true),
    ("Udp_SndbufErrors", true), ("UdpLite_NoPorts", false), ("Udp_InCsumErrors", false), ("Udp_", false),
    ("", false), ("_", false), ("Tcp", false), ("Tcp_\u{fffd}", false),
  ])
  func netstatFields(_ name: String, _ isKept: Bool) {
    #expect(FilterSettings().netstatFields.keeps(name) == isKept)
  }
}
