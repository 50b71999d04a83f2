"""What the collector is measured beside: a loop that only reads, node_exporter, collectd, netdata.

Each function returns a process that runs, and what there is to say about it; None where a program is not to be had.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.request

from processes import fail, free_port, listening, start, unpacked, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
# Its authors' defaults, and two more that the collector has, too. (Debian's package adds systemd, which asks PID 1 for
# every unit.)
EXPORTER_FLAGS = ["--collector.ksmd", "--collector.meminfo_numa", "--no-collector.systemd"]
# What collectd has of the same; not `processes`, which looks at every process.
COLLECTD_PLUGINS = "contextswitch cpu df disk interface load memory swap uptime vmem".split()
# What of netdata is not reading the kernel at 1 s: other programs' plugins, alarms, learning.
NETDATA_OFF = {
    "plugins": ["apps", "cgroups", "charts.d", "checks", "cups", "ebpf", "fping", "go.d", "idlejitter", "ioping",
                "nfacct", "node.d", "perf", "python.d", "slabinfo", "statsd", "tc", "timex"],
    "health": ["enabled"],
    "ml": ["enabled"],
}


def files_read(process, interval):
    """What a collector reads, as the kernel sees it: `EVERY:PATH` for each file, and system calls an interval."""
    intervals = 11 * round(1 / interval) if interval < 1 else 11
    trace = subprocess.run(
        ["timeout", str(round(intervals * interval)), "strace", "-f", "-y", "-s", "0", "-p", str(process.pid)],
        capture_output=True, text=True).stderr
    reads = {}
    for path in re.findall(r"pread64\(\d+<(/[^>]*)>, .*, 0\) +=", trace):
        path = path.replace(f"/proc/{process.pid}/", "/proc/self/")
        reads[path] = reads.get(path, 0) + 1
    calls = len(re.findall(r"\) += ", trace))
    return [f"{max(1, round(intervals / count))}:{path}" for path, count in reads.items()], calls / intervals


def floor(folder, interval, files):
    """A C loop that opens the files once and only reads them."""
    program = f"{folder}/floor"
    subprocess.run(["cc", "-O2", "-o", program, f"{HERE}/../floor/floor.c"], check=True)
    return start(program, str(round(interval * 1000)), *files), f"reads {len(files)} files, and nothing else"


def node_exporter():
    """Scraped once a second, as Prometheus would; the scraper's own cost is not counted."""
    program = shutil.which("prometheus-node-exporter")
    if not program:
        return None
    port = free_port()
    process = start(
        program, "--web.disable-exporter-metrics", *EXPORTER_FLAGS, f"--web.listen-address=127.0.0.1:{port}")
    wait_until("node_exporter", lambda: listening(port))
    address = f"http://127.0.0.1:{port}/metrics"
    lines = urllib.request.urlopen(address).read().decode().splitlines()
    threading.Thread(target=scrape_forever, args=(address, process), daemon=True).start()
    return process, f"{sum(not line.startswith('#') for line in lines)} series, scraped"


def scrape_forever(address, process):
    # A quarter of a second after the collector's frames.
    next_scrape = time.monotonic() + 1.25 - time.time() % 1
    time.sleep(max(0, next_scrape - time.monotonic()))
    while process.poll() is None:
        try:
            urllib.request.urlopen(address).read()
        except OSError:
            return
        next_scrape += 1
        time.sleep(max(0, next_scrape - time.monotonic()))


def collectd(folder):
    """At 1 s, with nobody to write to."""
    program, environment = unpacked("/usr/sbin/collectd", ["collectd-core"], f"{folder}/collectd")
    if not program:
        return None
    socket_path = f"{folder}/collectd.sock"
    plugins = f"{program.removesuffix('/usr/sbin/collectd')}/usr/lib/collectd"
    settings = f"{folder}/collectd.conf"
    with open(settings, "w") as file:
        file.write(f'Interval 1\nHostname "bench"\nFQDNLookup false\nBaseDir "{folder}"\n')
        file.write(f'PIDFile "{folder}/collectd.pid"\nPluginDir "{plugins}"\nTypesDB "{types_db(program)}"\n')
        file.writelines(f"LoadPlugin {name}\n" for name in [*COLLECTD_PLUGINS, "unixsock"])
        file.write(f'<Plugin unixsock>\n  SocketFile "{socket_path}"\n</Plugin>\n')
    process = start(program, "-f", "-C", settings, env=environment)
    wait_until("collectd", lambda: os.path.exists(socket_path))
    time.sleep(3)
    return process, f"{collectd_values(socket_path)} values, written nowhere"


def types_db(program):
    return f"{program.removesuffix('/usr/sbin/collectd')}/usr/share/collectd/types.db"


def collectd_values(path):
    """How many numbers it has, by its own account: the unixsock plugin's LISTVAL and GETVAL."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        stream = connection.makefile("rw")

        def ask(question):
            stream.write(question + "\n")
            stream.flush()
            return [stream.readline() for _ in range(int(stream.readline().split()[0]))]

        names = [line.split(" ", 1)[1].strip() for line in ask("LISTVAL")]
        return sum(len(ask(f'GETVAL "{name}"')) for name in names)


def netdata(folder):
    """Its proc and diskspace plugins at 1 s, its own defaults for what they read; ten minutes in memory."""
    packages = ["netdata-core", "libuv1", "libmnl0", "libjson-c5", "libnetfilter-acct1", "liblz4-1"]
    program, environment = unpacked("/usr/sbin/netdata", packages, f"{folder}/netdata-package")
    if not program:
        return None
    port = free_port()
    process = start(program, "-D", "-c", netdata_settings(f"{folder}/netdata", program, port), env=environment)
    wait_until("netdata", lambda: listening(port))
    time.sleep(5)
    charts = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/charts"))["charts"]
    return process, f"{sum(len(chart['dimensions']) for chart in charts.values())} values, no plugins but its own"


def netdata_settings(folder, program, port):
    names = ["config", "cache", "lib", "log", "lock"]
    for name in names:
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    # Nothing is told to anybody.
    open(f"{folder}/config/.opt-out-from-anonymous-statistics", "w").close()
    prefix = program.removesuffix("/usr/sbin/netdata")
    with open(f"{folder}/netdata.conf", "w") as file:
        file.write("[global]\n  run as user = root\n")
        file.write("[directories]\n" + "".join(f"  {name} = {folder}/{name}\n" for name in names))
        file.write(f"  stock config = {prefix}/usr/lib/netdata/conf.d\n  web = {prefix}/usr/share/netdata/web\n")
        file.write(f'  plugins = "{prefix}/usr/lib/netdata/plugins.d"\n')
        file.write("[db]\n  mode = ram\n  update every = 1\n  retention = 600\n  storage tiers = 1\n")
        file.write(f"[web]\n  bind to = 127.0.0.1:{port}\n  default port = {port}\n")
        for section, keys in NETDATA_OFF.items():
            file.write(f"[{section}]\n" + "".join(f"  {key} = no\n" for key in keys))
    return f"{folder}/netdata.conf"
