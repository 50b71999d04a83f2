"""Makes this host work: CPU, disk, network over loopback, memory. Bounded in each; ends when its input does.

    load.py FOLDER
"""

import os
import socket
import sys
import threading
import time

MEMORY_BYTES = 192 << 20
FILE_BYTES = 8 << 20


def spin(stop):
    """Half of a CPU."""
    while not stop.is_set():
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            pass
        stop.wait(0.05)


def write(stop, folder):
    """Files written, synced, read and removed."""
    block = os.urandom(1 << 20)
    path = os.path.join(folder, "load")
    while not stop.is_set():
        with open(path, "wb") as file:
            for _ in range(FILE_BYTES >> 20):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        with open(path, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while file.read(1 << 20):
                pass
        os.remove(path)
        stop.wait(0.3)


def talk(stop):
    """Connections over loopback, a few hundred KiB each, and datagrams."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        address = server.getsockname()
        while not stop.is_set():
            with socket.create_connection(address) as client:
                peer, _ = server.accept()
                with peer:
                    for _ in range(8):
                        client.sendall(b"x" * 32768)
                        left = 32768
                        while left:
                            left -= len(peer.recv(left))
            datagrams.sendto(b"x" * 100, address)
            stop.wait(0.05)


def remember(stop):
    """Memory touched and given back."""
    while not stop.is_set():
        pages = bytearray(MEMORY_BYTES)
        pages[::4096] = b"x" * len(pages[::4096])
        stop.wait(0.5)
        del pages
        stop.wait(0.5)


def main():
    stop = threading.Event()
    work = [(spin, ()), (write, (sys.argv[1],)), (talk, ()), (remember, ())]
    threads = [threading.Thread(target=job, args=(stop, *arguments)) for job, arguments in work]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()


main()
