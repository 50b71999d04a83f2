"""What reading a host costs: the collector beside others.

At one interval, those that are compared run side by side, at different instants within it, so that what else the
machine does meets them all, and none of them the others.
"""
import time
from dataclasses import dataclass

import peers
from processes import cpu_seconds, memory_kib, stop, wait_until

# The collector gives back the memory that only starting needed 20 s after it connected.
SETTLING_SECONDS = 25
# Nothing but what node_exporter shows by default, and all of it each second, as a scrape has it.
AS_NODE_EXPORTER = "sources: {%s}\n" % ", ".join(
    [f"{name}: 1s" for name in (
        "loadavg", "uname", "netstat", "snmp6", "sockstat", "sockstat6", "softnet", "conntrack", "arp", "udp_queues",
        "netclass", "filefd", "timex", "entropy", "cpufreq", "selinux", "os", "dmi", "time_zone", "clocksource")]
    + [f"{name}: off" for name in (
        "cgroups", "processes", "systemd", "tcp", "container", "block", "mdraid", "ksm", "numa", "cpu_topology",
        "watchdog", "uptime")])
# What the collector does once a minute is in every figure.
SECONDS_MIN = 60


@dataclass
class Agent:
    name: str
    process: object
    says: str
    # CPU seconds a second, KiB resident, KiB of it private anonymous.
    cpu: float = 0
    resident: int = 0
    private: int = 0

    def begin(self):
        self.before = cpu_seconds(self.process)

    def end(self, seconds):
        self.cpu = (cpu_seconds(self.process) - self.before) / seconds
        self.resident, self.private = memory_kib(self.process)


class Collector:
    """A collector that has settled, with an aggregator of its own."""

    def __init__(self, muster, interval_text, tls, more="", name=""):
        self.muster = muster
        self.service, self.port = muster.start_aggregator(tls)
        process = muster.start_collector(self.port, interval_text, "bench", tls, more)
        if not tls:
            wait_until("the collector", lambda: self.series() > 0)
        time.sleep(SETTLING_SECONDS)
        self.agent = Agent(
            name or f"muster-collector, {'TLS' if tls else 'plaintext'}", process,
            "" if tls else f"{self.series():.0f} series")

    def series(self):
        return self.muster.series(self.port, "bench")

    def sent(self):
        """Frames and bytes so far."""
        return [self.muster.latest(self.port, "bench", f"muster_collector_{name}_total")
                for name in ("frames_collected", "sent_bytes")]

    def stop(self):
        stop(self.agent.process, self.service)


def compare(muster, folder, seconds, interval_text, interval):
    seconds = max(seconds, SECONDS_MIN)
    print(f"reading a host, every {interval_text}, {seconds} s a figure")
    print(f"  {'':29} {'CPU a second':>13} {'ratio':>6} {'resident':>10} {'ratio':>6} {'private':>9}")
    files, calls = trace(muster, interval_text, interval)
    collector = Collector(muster, interval_text, tls=False)
    beside = {"floor, a C loop": peers.floor(folder, interval, files)}
    if interval == 1:
        beside["node_exporter"] = peers.node_exporter()
    agents = [collector.agent] + started(beside)
    before = collector.sent()
    measure(agents, seconds)
    frames, sent_bytes = (after - begun for after, begun in zip(collector.sent(), before))
    series = collector.series()
    collector.stop()
    report(agents, collector.agent)

    if interval == 1:
        eager = Collector(muster, interval_text, False, AS_NODE_EXPORTER, "only what it reads, each second")
        agents = [eager.agent] + started({"node_exporter": peers.node_exporter()})
        measure(agents, seconds)
        eager.stop()
        report(agents, collector.agent)

    encrypted = Collector(muster, interval_text, tls=True)
    beside = {"collectd": peers.collectd(folder), "netdata": peers.netdata(folder)} if interval == 1 else {}
    agents = [encrypted.agent] + started(beside)
    measure(agents, seconds)
    encrypted.stop()
    report(agents, collector.agent)
    print(f"  a frame in plaintext: {collector.agent.cpu * seconds / frames * 1e6:.0f} us of CPU, {calls:.0f} system "
          f"calls, {sent_bytes / frames:.0f} bytes, {sent_bytes / frames / series:.2f} a sample (HTTP/2 in it, TCP/IP "
          "headers not)")


def trace(muster, interval_text, interval):
    """What a collector reads, and its system calls in an interval; of one that is not measured, as tracing changes it."""
    service, port = muster.start_aggregator()
    process = muster.start_collector(port, interval_text, "traced")
    wait_until("the collector", lambda: muster.series(port, "traced") > 0)
    files, calls = peers.files_read(process, interval)
    stop(process, service)
    return files, calls


def started(beside):
    return [Agent(name, *made) for name, made in beside.items() if made]


def measure(agents, seconds):
    time.sleep(3)
    at = time.monotonic()
    for agent in agents:
        agent.begin()
    time.sleep(seconds)
    elapsed = time.monotonic() - at
    for agent in agents:
        agent.end(elapsed)


def report(agents, reference):
    for agent in agents:
        print(f"  {agent.name:29} {agent.cpu * 1e6:10.0f} us {agent.cpu / reference.cpu:6.2f} "
              f"{agent.resident / 1024:7.1f} MB {agent.resident / reference.resident:6.2f} "
              f"{agent.private / 1024:6.1f} MB  {agent.says}")
    stop(*(agent.process for agent in agents if agent.process.poll() is None))
