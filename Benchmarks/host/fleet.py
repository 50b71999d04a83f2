"""What a fleet costs its aggregator: frames in, commands and configuration out."""
import json
import time

from processes import cpu_seconds, memory_kib, stop


def fan_in(muster, seconds, connections, interval_ms, is_read=False):
    aggregator, port = muster.start_aggregator()
    before_memory, _ = memory_kib(aggregator)
    load = muster.start_load(aggregator, port, connections, interval_ms, seconds)
    tail = muster.start_tail(port, seconds - 1) if is_read else None
    result = json.loads(load.communicate()[0])
    memory = result["server_resident_bytes"] / 1024 - before_memory
    rate = connections * 1000 / interval_ms
    print(f"aggregator, {connections} connections, {rate:.0f} frames/s of 370 series, 90 changed")
    print(f"  CPU a frame          {result['server_cpu_us_per_frame']:8.1f} us"
          f"{', a tail of all hosts in it' if tail else ''}")
    print(f"  memory a host        {memory / connections:8.1f} KiB, its series and history of {seconds} s in it")
    print(f"  frames               {result['frames']} sent, all acknowledged, {result['late']} of them late; "
          f"{result['left_late']} left late")
    if tail:
        seen = json.loads(tail.communicate()[0])
        print(f"  from stamp to tail   {seen['p50_us'] / 1000:8.2f} ms p50, {seen['p99_us'] / 1000:.2f} ms p99; "
              f"{seen['frames']} frames, {seen['skipped']} skipped")
    stop(aggregator)


def steer(muster, seconds, connections):
    """Commands and a config to every connection, while each sends a frame a second."""
    aggregator, port = muster.start_aggregator()
    load = muster.start_load(aggregator, port, connections, 1000, seconds + 20)
    print(f"aggregator, {connections} connections, each with a frame of 370 series a second")

    before, at = cpu_seconds(aggregator), time.monotonic()
    time.sleep(5)
    idle = (cpu_seconds(aggregator) - before) / (time.monotonic() - at)
    ping(muster, port, aggregator, idle, connections)
    push(muster, port, aggregator, idle, connections)
    result = json.loads(load.communicate()[0])
    print(f"    confirmed               {result['confirmed']} of {connections}")
    stop(aggregator)


def ping(muster, port, aggregator, idle, connections):
    answers, calls, before = [], [], cpu_seconds(aggregator)
    began = time.monotonic()
    for _ in range(20):
        at = time.monotonic()
        asked = muster.cli(port, "run", "ping", "--on", "instance=load-*", "--output", "json")
        calls.append((time.monotonic() - at) * 1000)
        results = [json.loads(line) for line in asked.stdout.splitlines()]
        answers += [row["after_us"] / 1000 for row in results if row.get("outcome") == "ok"]
    cpu = cpu_seconds(aggregator) - before - idle * (time.monotonic() - began)
    print(f"  run ping             {len(answers)} of {20 * connections} answered")
    print(f"    answer reached the CLI  {quantile(answers, .5):5.1f} ms p50, {quantile(answers, .99):.1f} ms p99 "
          "after its call")
    print(f"    the whole command       {quantile(calls, .5):5.1f} ms p50, {max(calls):.1f} ms at most, "
          "process start in it")
    print(f"    CPU of the aggregator   {cpu / 20 / connections * 1e6:5.1f} us a host and ping, "
          "beside what its frames cost")


def push(muster, port, aggregator, idle, connections):
    document = muster.settings("labels: {tuned: 'yes'}\n")
    before, at = cpu_seconds(aggregator), time.monotonic()
    pushed = muster.cli(
        port, "config", "push", document, "--to", "instance=load-*", "--waves", "100%", "--soak", "2s")
    elapsed = time.monotonic() - at
    cpu = cpu_seconds(aggregator) - before - idle * elapsed
    outcome = "completed" if pushed.returncode == 0 else pushed.stdout + pushed.stderr
    print(f"  config push          {outcome} after {elapsed:.1f} s, 2 s of soak in it")
    print(f"    CPU of the aggregator   {cpu / connections * 1e6:5.1f} us a host, beside what its frames cost")


def quantile(values, share):
    return sorted(values)[int((len(values) - 1) * share)]
