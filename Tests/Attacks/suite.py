"""Runs every attack against a real aggregator, with well-behaved clients beside it. See `run`."""
import argparse
import contextlib
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import buffers
import calls
import comparison
import connections
import floods
import limits
import secured
import server
import silence
import violations
from bystanders import Bystanders


class Row:
    """One attack's line of the table."""

    def __init__(self, name, does, problem, latencies, growth):
        self.name, self.does, self.problem, self.latencies, self.growth = name, does, problem, latencies, growth

    def __str__(self):
        mark = "" if self.problem is None else "**FAILED** "
        return f"| {mark}{self.name} | {self.does} | {self.latencies} | {self.growth} |"


class Arena:
    """A server under attack and its bystanders."""

    def __init__(self, target):
        self.server = target
        self.bystanders = Bystanders(target)
        self.quiet = None
        self.usual = target.connections()

    def measure_quiet(self):
        self.bystanders.since_last()
        time.sleep(limits.QUIET_SECONDS)
        self.quiet = self.bystanders.since_last()

    def run(self, cases):
        """Carries out cases at once, again and again until memory stays flat; gives a Row for each."""
        before = self.server.memory()[0]
        peaks, outcomes, kept = [], [("", None)], None
        with ThreadPoolExecutor(len(cases)) as pool:
            while self.goes_on(cases, peaks, outcomes):
                self.server.forget_peak()
                outcomes = list(pool.map(self.carry_out, cases))
                kept = self.wait_until_let_go()
                peaks.append(self.server.memory()[1] - before)
        latencies = self.bystanders.since_last()
        shared = latencies.problem() or kept or self.memory_problem(cases, peaks)
        return [
            Row(case.name, does, problem or shared, f"{self.quiet} → {latencies}",
                " → ".join(f"{peak / limits.MIB:.1f}" for peak in peaks) + " MiB")
            for case, (does, problem) in zip(cases, outcomes)]

    def goes_on(self, cases, peaks, outcomes):
        """Whether another round is due."""
        if len(peaks) == limits.ROUNDS_MAX or any(problem for _, problem in outcomes) or not self.server.is_alive:
            return False
        return len(peaks) < cases[0].rounds or grown(peaks)

    def carry_out(self, case):
        """(what the server does, what is wrong with that or None)."""
        end = time.monotonic() + limits.ROUND_SECONDS
        while True:
            started = time.monotonic()
            try:
                answers = case.attack(self.server)
            except OSError as error:
                return "", f"the attacker was stopped: {error}"
            now = time.monotonic()
            answers = answers if isinstance(answers, list) else [answers]
            for answer in answers:
                problem = case.problem(answer)
                if problem:
                    return str(answer), problem
            if now - started > case.within:
                return str(answers[-1]), f"took {now - started:.1f} s"
            if now >= end or case.rounds == 1:
                return str(answers[-1]), None

    def wait_until_let_go(self):
        """Waits until the server has closed all of the attackers' connections, which have ended by now."""
        deadline = time.monotonic() + limits.PATIENCE_SECONDS
        while self.server.is_alive and self.server.connections() > self.usual:
            if time.monotonic() > deadline:
                return f"{self.server.connections() - self.usual} connections are still open"
            time.sleep(0.01)
        return None

    def memory_problem(self, cases, peaks):
        if not self.server.is_alive:
            return "the server is gone"
        allowed = limits.NOISE_BYTES + sum(case.memory for case in cases)
        if max(peaks) > allowed:
            return f"memory grew by {max(peaks) / limits.MIB:.1f} MiB, {allowed / limits.MIB:.1f} MiB are allowed"
        if grown(peaks):
            return f"memory still grows after {len(peaks)} rounds"
        return None


def grown(peaks):
    """Whether the last round took more memory than the one before."""
    return len(peaks) > 1 and peaks[-1] - peaks[-2] > limits.NOISE_BYTES


def attack_all(target, groups):
    """Attacks one server with all groups of cases, printing as it goes; gives the rows."""
    with contextlib.ExitStack() as stack:
        stack.callback(target.stop)
        target.wait_until_up()
        arena = Arena(target)
        stack.callback(arena.bystanders.stop)
        arena.measure_quiet()
        rows = []
        for cases in groups:
            if not target.is_alive:
                raise SystemExit(f"{target.name} is gone:\n{''.join(target.log)}")
            for row in arena.run(cases):
                print(row, flush=True)
                rows.append(row)
        return rows


def chosen(pattern, alone, together):
    """Groups of cases to carry out at once: each of `alone` by itself, then all of `together`."""
    groups = [[case for case in group if re.search(pattern, case.name)]
              for group in [[case] for case in alone] + [together]]
    return [group for group in groups if group]


def main():
    parser = argparse.ArgumentParser(prog="Tests/Attacks/run")
    parser.add_argument("aggregator")
    parser.add_argument("--only", default="", help="attacks whose name matches this regular expression")
    parser.add_argument("--against-nghttpd", action="store_true", help="compare RFC 9113's cases with nghttpd")
    options = parser.parse_args()
    # As any other end: the servers are stopped, and their folders removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if options.against_nghttpd:
        sys.exit(comparison.run(options.aggregator, options.only))
    plain = chosen(options.only, violations.CASES + floods.CASES + buffers.CASES + calls.CASES + connections.CASES,
                   silence.CASES)
    tls = chosen(options.only, secured.SHORT, secured.SILENT)
    print("| attack | what the server does | bystanders p50/p99 in ms: quiet → during | memory growth |")
    print("| --- | --- | --- | --- |")
    rows = []
    for groups, is_secured in ((plain, False), (tls, True)):
        if groups:
            with server.temporary_folder() as folder:
                rows += attack_all(server.aggregator(options.aggregator, folder, is_secured), groups)
    failed = [row for row in rows if row.problem]
    for row in failed:
        print(f"\nFAILED {row.name}: {row.problem}")
    print(f"\n{len(rows) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed or not rows else 0)


if __name__ == "__main__":
    main()
