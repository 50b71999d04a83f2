"""What reading a host costs: the collector beside others, all at once, so that what else the machine does meets them
all."""
import time
from dataclasses import dataclass, field

import peers
from processes import cpu_seconds, memory_kib, stop, wait_until

# The collector gives back the memory that only starting needed 20 s after it connected.
SETTLING_SECONDS = 25


@dataclass
class Agent:
    name: str
    process: object
    says: str
    interval: float = 1
    cpu: float = 0
    memory: tuple = field(default=(0, 0))

    def measure(self, seconds):
        """CPU seconds a second since `begin`, and memory now."""
        self.cpu = (cpu_seconds(self.process) - self.before) / seconds
        self.memory = memory_kib(self.process)

    def begin(self):
        self.before = cpu_seconds(self.process)


def collectors(muster, interval_text, interval):
    """One over plaintext and one over TLS, each with an aggregator of its own."""
    agents, services = [], []
    for tls in (False, True):
        service, port = muster.start_aggregator(tls)
        name = f"muster-collector, every {interval_text}, {'TLS' if tls else 'plaintext'}"
        process = muster.start_collector(port, interval_text, "bench", tls)
        services.append((service, port))
        agents.append(Agent(name, process, "", interval))
    port = services[0][1]
    wait_until("the collector", lambda: muster.series(port, "bench") > 0)
    return agents, services


def compare(muster, folder, seconds, interval_text, interval):
    agents, services = collectors(muster, interval_text, interval)
    collector, port = agents[0], services[0][1]
    time.sleep(SETTLING_SECONDS)
    files, calls = peers.files_read(collector.process, interval)
    for name, made in others(folder, interval, files).items():
        if made:
            agents.append(Agent(name, *made, interval))
    time.sleep(3)

    before = sent(muster, port)
    for agent in agents:
        agent.begin()
    at = time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - at
    for agent in agents:
        agent.measure(elapsed)
    frames, sent_bytes = (after - begun for after, begun in zip(sent(muster, port), before))
    series = muster.series(port, "bench")
    for agent in agents[:2]:
        agent.says = f"{series:.0f} series"

    report(agents, interval_text)
    print(f"  a frame: {collector.cpu * elapsed / frames * 1e6:.0f} us of CPU, {calls:.0f} system calls, "
          f"{sent_bytes / frames:.0f} bytes sent in plaintext ({sent_bytes / frames / series:.2f} a sample); "
          "HTTP/2 in it, TCP/IP headers not")
    stop(*(agent.process for agent in agents), *(service for service, _ in services))


def others(folder, interval, files):
    """Peers at 1 s; at shorter intervals only the floor, since nobody else goes there."""
    made = {"floor, a C loop": peers.floor(folder, interval, files)}
    if interval == 1:
        made |= {
            "node_exporter": peers.node_exporter(),
            "collectd": peers.collectd(folder),
            "netdata": peers.netdata(folder),
        }
    return made


def sent(muster, port):
    return [muster.latest(port, "bench", f"muster_collector_{name}_total")
            for name in ("frames_collected", "sent_bytes")]


def report(agents, interval_text):
    collector = agents[0]
    print(f"reading a host, every {interval_text}")
    print(f"  {'':44} {'CPU a second':>13} {'ratio':>6} {'resident':>10} {'ratio':>6} {'private':>9}")
    for agent in agents:
        resident, private = agent.memory
        print(f"  {agent.name:44} {agent.cpu * 1e6:10.0f} us {agent.cpu / collector.cpu:6.2f} "
              f"{resident / 1024:7.1f} MB {resident / collector.memory[0]:6.2f} {private / 1024:6.1f} MB  {agent.says}")
