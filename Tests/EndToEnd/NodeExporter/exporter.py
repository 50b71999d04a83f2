"""Prometheus' node_exporter 1.5 (Debian: prometheus-node-exporter), started, asked and understood."""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

SETTLE_SECONDS = 20
# A machine that does something else meanwhile may need seconds, and a mount that hangs five more.
SCRAPE_SECONDS = 60

# Its authors' defaults (Debian's package has other filters, and switches on what they leave off), but for a folder of
# text files, which nobody has by default; and two more that the collector has, too.
FLAGS = [
    r"--collector.diskstats.device-exclude=^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$",
    "--collector.filesystem.mount-points-exclude="
    "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
    "--collector.netdev.device-exclude=^$",
    "--collector.netclass.ignore-invalid-speed",
    "--no-collector.systemd",
    "--no-collector.textfile",
    "--collector.ksmd",
    "--collector.meminfo_numa",
]

# What it says of itself; and interfaces of containers, which the collector sums.
ONLY_THEIRS = re.compile(
    r"(go|process|promhttp)_|node_(exporter|scrape)_"
    r'|node_network_.*device="(veth|cali|lxc(?!br)|eni|azv|gke)')

# The collector's own, and what came to node_exporter later than 1.5, or never.
ONLY_OURS = re.compile(
    r"muster_|node_(pressure_irq|cgroup|tcp|watchdog|hwmon_freq|edac_dimm)_|node_cpu_online\b"
    r"|node_softnet_(received_rps_total|flow_limit_count_total|cpu_collision_total|backlog_len)\b"
    r"|node_ksmd_(general_profit_bytes|pages_scanned_total|pages_skipped_total|zero_pages)\b"
    r"|node_disk_(size_bytes|readonly|removable|rotational|queue_requests_max|logical_block_size_bytes"
    r"|physical_block_size_bytes|discard_max_bytes|write_cache_enabled|online|scheduler_info|hardware_info"
    r"|scsi_(errors|timeouts)_total)\b|node_md_(blocks_to_sync|raid_disks|degraded|mismatched_sectors|disk_)"
    r"|node_network_folded_devices\b")

# Labels that came to series of node_exporter after 1.5.
LATER_LABELS = re.compile(r',?adminstate="\w*"')

SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)$")


def parse(text):
    """The text format as ({family: type}, {series: value})."""
    types, values = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, family, kind = line.split(" ")
            types[family] = kind
        elif line and not line.startswith("#"):
            match = SAMPLE.match(line)
            if match is None:
                sys.exit(f"not a line of the text format: {line}")
            series = LATER_LABELS.sub("", match[1] + (match[2] or ""))
            if series in values:
                sys.exit(f"twice: {series}")
            values[series] = float(match[3])
    return types, values


def without(pattern, parsed):
    types, values = parsed
    return (
        {name: kind for name, kind in types.items() if not pattern.match(name)},
        {series: value for series, value in values.items() if not pattern.match(series)},
    )


def slack(series, values):
    """How far a gauge may be away from what is read a little earlier or later: it moves up and down."""
    family = series.split("{")[0]
    if family.startswith("node_memory_"):
        return 0.05 * values.get("node_memory_MemTotal_bytes", 0)
    if family.startswith("node_filesystem_") and family.endswith(("_bytes", "_files", "_free")):
        return 0.02 * values[series] + 4096
    if family.startswith("node_load"):
        return 1
    return SLACK.get(family, 0)


# Of gauges that others on the machine move: sockets and descriptors come and go.
SLACK = {
    "node_procs_running": 100, "node_procs_blocked": 100, "node_disk_io_now": 100,
    "node_filefd_allocated": 500, "node_sockstat_sockets_used": 300, "node_entropy_available_bits": 256,
    "node_nf_conntrack_entries": 500, "node_netstat_Tcp_CurrEstab": 200, "node_arp_entries": 5,
    "node_udp_queues": 1e6,
}
SLACK |= {f"node_sockstat_{name}": 500 for name in (
    "TCP_alloc", "TCP_inuse", "TCP_mem", "TCP_orphan", "TCP_tw", "UDP_inuse", "UDP_mem", "TCP6_inuse", "UDP6_inuse",
    "RAW_inuse", "RAW6_inuse", "FRAG_inuse", "FRAG_memory")}
SLACK |= {"node_sockstat_TCP_mem_bytes": 500 * 4096, "node_sockstat_UDP_mem_bytes": 500 * 4096}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Exporter:
    """A node_exporter on a free loopback port; a context, which ends it."""

    def __init__(self, *flags):
        program = shutil.which("prometheus-node-exporter") or shutil.which("node_exporter")
        if program is None:
            print("skipped: no node_exporter here (apt: prometheus-node-exporter)")
            sys.exit(77)
        self.port = free_port()
        self.command = [
            program, f"--web.listen-address=127.0.0.1:{self.port}", "--web.disable-exporter-metrics", *FLAGS, *flags]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(SETTLE_SECONDS * 10):
            if self.process.poll() is not None:
                sys.exit(f"node_exporter ended with {self.process.returncode}: {' '.join(self.command)}")
            try:
                self.scrape()
                return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        sys.exit(f"node_exporter did not answer within {SETTLE_SECONDS} s")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def text(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=SCRAPE_SECONDS) as answer:
            return answer.read().decode()

    def scrape(self):
        return without(ONLY_THEIRS, parse(self.text()))
