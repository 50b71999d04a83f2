import ProcFS
import Wire

/// `node_network_*_total`: the traffic of each interface, from netlink, or from `/proc/net/dev` where netlink is
/// refused or would tell of another machine than the files do.
struct NetDevSource: Source {
  static let about = """
    Read from netlink, or from the file where netlink is refused (a unit's `RestrictAddressFamilies=` without \
    AF_NETLINK, a kernel before 4.7) or the collector reads another root than `/`; the file has no \
    `node_network_receive_nohandler_total`.

    The filter `network_interfaces` chooses the interfaces. Without it the host's ends of containers' interfaces \
    (`veth*`, `cali*`, `lxc*` but not `lxcbr*`, `eni*`, `azv*`, `gke*`) are summed, each pattern as one device: \
    `device="veth*"`. Such a sum keeps what interfaces counted that are gone, and misses what one counted after it \
    was last read. node_exporter shows each of them; `network_interfaces: {include: ["*"]}` does so here.
    """

  static let metrics = InterfaceSeries.metrics + [InterfaceGroupSums.membersMetric]

  /// nil: the file is read.
  private var counters: LinkCounters?
  private let file: KernelFile
  private var netDev = NetDev()
  private var series: InterfaceSeries
  private var sums = InterfaceGroupSums()
  private var filter: NameFilter

  init(root: ProcRoot, interfaces filter: NameFilter) {
    counters = root.isOwn ? LinkCounters() : nil
    file = KernelFile(NetDev.path, of: root)
    series = InterfaceSeries(columns: root.isOwn ? InterfaceSeries.metrics.count : NetDev.columns)
    self.filter = filter
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    if try readCounters(into: &buffer) {
      showCounters(in: &table)
    } else {
      let text = try file.read(into: &buffer)
      try netDev.parse(text)
      showFile(text, in: &table)
    }
  }

  mutating func forgetSeries() {
    series.forget()
    sums.forgetSeries()
  }

  mutating func refilter(_ filters: FilterSettings) {
    guard filters.networkInterfaces != filter else { return }
    filter = filters.networkInterfaces
    series.forget()
    sums = InterfaceGroupSums()
  }

  /// Asks netlink; false if the file is to be read, from now on.
  private mutating func readCounters(into buffer: inout ReadBuffer) throws(KernelError) -> Bool {
    guard counters != nil else { return false }
    do {
      try counters?.read(into: &buffer)
      return true
    } catch {
      switch error {
      case .unsupported, .denied: useFile()
      default: throw error
      }
      return false
    }
  }

  private mutating func useFile() {
    counters = nil
    series = InterfaceSeries(columns: NetDev.columns)
    sums = InterfaceGroupSums()
  }

  private mutating func showCounters(in table: inout SampleTable) {
    guard let interfaces = counters?.interfaces else { return }
    for position in interfaces.indices {
      var name = interfaces[position].name
      name.withUTF8 { name in
        show(
          UnsafeRawBufferPointer(name), .index(interfaces[position].index), interfaces[position].values,
          at: position, in: &table)
      }
    }
    sums.show(columns: InterfaceSeries.metrics.count, in: &table)
  }

  private mutating func showFile(_ text: UnsafeRawBufferPointer, in table: inout SampleTable) {
    for position in netDev.interfaces.indices {
      let interface = netDev.interfaces[position]
      let name = interface.name.bytes(in: text)
      show(name, .name(interface.name.string(in: text)), interface.values, at: position, in: &table)
    }
    sums.show(columns: NetDev.columns, in: &table)
  }

  @inline(__always)
  private mutating func show(
    _ name: UnsafeRawBufferPointer, _ identity: @autoclosure () -> InterfaceGroupSums.Identity,
    _ values: InterfaceValues, at position: Int, in table: inout SampleTable
  ) {
    if let group = filter.group(of: name) {
      sums.add(identity(), to: group, values)
    } else {
      series.show(name, values, at: position, filter, in: &table)
    }
  }
}
