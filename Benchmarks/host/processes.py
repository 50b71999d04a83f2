"""Processes that the benchmark starts, what they cost, and their end by id, however it ends itself."""
import atexit
import glob
import os
import signal
import socket
import subprocess
import sys
import time


def fail(reason):
    sys.exit(f"bench: {reason}")


def start(*command, **options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    atexit.register(process.kill)
    return process


def stop(*processes):
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def cpu_seconds(process):
    """Of all its threads, those that have ended too, as the kernel's scheduler accounts it, in nanoseconds:
    clock_getcpuclockid(3)."""
    return time.clock_gettime((~process.pid << 3) | 2)


def memory_kib(process):
    """Resident, and of that private anonymous."""
    figures = {}
    with open(f"/proc/{process.pid}/smaps_rollup") as file:
        for line in file:
            name, _, value = line.partition(":")
            if value.endswith("kB\n"):
                figures[name] = int(value.split()[0])
    return figures["Rss"], figures["Anonymous"]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
        return True
    except OSError:
        return False


def wait_until(what, condition, seconds=10):
    for _ in range(20 * seconds):
        if condition():
            return
        time.sleep(0.05)
    fail(f"{what} did not come up")


def unpacked(program, packages, folder):
    """Where a program of Debian's is: installed, or unpacked below `folder`, so that no daemon is installed and started
    for a measurement's sake. The path, and the environment it wants; none if there is neither."""
    if os.path.exists(program):
        return program, dict(os.environ)
    os.makedirs(folder, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", "-qq", *packages], cwd=folder, check=True, capture_output=True)
        for package in glob.glob(f"{folder}/*.deb"):
            subprocess.run(["dpkg", "-x", package, folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None, None
    libraries = ":".join(glob.glob(f"{folder}/usr/lib/*-linux-gnu"))
    return folder + program, {**os.environ, "LD_LIBRARY_PATH": libraries}
