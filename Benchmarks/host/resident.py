#!/usr/bin/env python3
"""What a process has resident, by file and kind; kibibytes, of /proc/PID/smaps.

Usage: Benchmarks/host/resident.py PID
       Benchmarks/host/resident.py RELEASE_BINARIES [SECONDS]

The second starts a collector in plaintext and one with TLS, each with an aggregator of its own as `make bench` does,
and looks at them after so many seconds (90, as there). `written` is what `make bench` calls private: the heap, stacks,
and pages of files that were written to, by the loader for the most part.
"""
import collections
import os
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from muster import Muster
from processes import stop

HEADER = re.compile(r"[0-9a-f]+-[0-9a-f]+ (\S+) [0-9a-f]+ \S+ \d+ *(.*)")
KINDS = ["code", "constants", "data", "written"]


def mappings(pid):
    """(protection, path, resident, of it written to) of each."""
    with open(f"/proc/{pid}/smaps") as file:
        protection = path = resident = None
        for line in file:
            if match := HEADER.match(line):
                protection, path = match.groups()
            elif line.startswith("Rss:"):
                resident = int(line.split()[1])
            elif line.startswith("Anonymous:"):
                yield protection, path.strip(), resident, int(line.split()[1])


def by_file(pid):
    """file -> kind -> KiB; what no file holds is by the kernel's name for it."""
    figures = collections.defaultdict(collections.Counter)
    for protection, path, resident, written in mappings(pid):
        row = figures[os.path.basename(path) or "[anonymous]"]
        kind = "code" if "x" in protection else "data" if "w" in protection else "constants"
        row[kind] += resident - written
        row["written"] += written
    return figures


def report(title, pid):
    figures = by_file(pid)
    figures["total"] = sum(figures.values(), collections.Counter())
    print(f"{title:26}" + "".join(f"{name:>11}" for name in [*KINDS, "resident"]))
    for name, row in sorted(figures.items(), key=lambda item: -item[1].total()):
        if row.total():
            print(f"  {name:24}" + "".join(f"{row[kind]:11}" for kind in KINDS) + f"{row.total():11}")


def measure(binaries, seconds):
    with tempfile.TemporaryDirectory(prefix="muster-resident-") as folder:
        muster = Muster(os.path.abspath(binaries), folder)
        started = []
        for tls in (False, True):
            service, port = muster.start_aggregator(tls)
            started.append((muster.start_collector(port, "1s", "resident", tls), service))
        time.sleep(seconds)
        for (collector, _), title in zip(started, ("plaintext", "TLS")):
            report(title, collector.pid)
        for processes in started:
            stop(*processes)


def main(what, seconds="90"):
    if what.isdigit():
        report(f"process {what}", int(what))
    else:
        measure(what, int(seconds))


main(*sys.argv[1:])
