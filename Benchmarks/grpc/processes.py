"""Processes that the benchmark starts, and ends by their id, however it ends itself."""
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time

START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 10
LOAD_SECONDS_MAX = 240


def fail(reason):
    sys.exit(f"bench: {reason}")


def start(command, **options):
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    atexit.register(process.kill)
    return process


def stop(process):
    """Ends it: gracefully, or, when it waits for calls that nobody ends, not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
    atexit.unregister(process.kill)


def announced_port(process):
    """What a server prints when it is ready: `listening on PORT`."""
    readable, _, _ = select.select([process.stdout], [], [], START_SECONDS_MAX)
    line = process.stdout.readline().decode() if readable else ""
    if not line.startswith("listening on "):
        fail(f"{process.args[0]} did not say where it listens")
    return int(line.split()[-1])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_listening(process, port):
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
    fail(f"{process.args[0]} does not listen on {port}")


def json_of(command):
    """Runs a load to its end: what it prints last. Its stdin is at its end from the beginning."""
    finished = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LOAD_SECONDS_MAX)
    if finished.returncode != 0:
        fail(f"{' '.join(map(os.fspath, command))}: {finished.stderr.strip()}")
    return json.loads(finished.stdout.splitlines()[-1])
