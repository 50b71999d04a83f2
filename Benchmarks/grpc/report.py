"""Medians of rounds, as Markdown tables."""
import os
import platform
import statistics


class Figures:
    """What was measured, round by round: by row (a server, a client), then by figure's name."""

    def __init__(self):
        self._rounds = {}

    def add(self, row, run):
        for name, value in run.items():
            self._rounds.setdefault(row, {}).setdefault(name, []).append(value)

    def median(self, row, name):
        return statistics.median(self._rounds[row][name])

    def spread(self, row, name):
        """The lowest and the highest of the rounds."""
        values = self._rounds[row][name]
        return min(values), max(values)

    def total(self, row, name):
        return sum(self._rounds[row][name])

    @property
    def rows(self):
        return list(self._rounds)


def heading(title, note):
    print(f"\n### {title}\n\n{note}\n")


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|---|" + "---:|" * (len(header) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def verdict(name, value, limit, unit):
    print(f"\n{name}: {value:.2f}{unit} of at most {limit}{unit} — **{'met' if value <= limit else 'MISSED'}**")


def machine():
    """Without which no figure means anything."""
    model = "unknown CPU"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    with open("/proc/sys/net/core/somaxconn") as file:
        somaxconn = file.read().strip()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, net.core.somaxconn {somaxconn}; "
        f"load average before: {load}. Load and server share the cores; the server's CPU only is counted.")
