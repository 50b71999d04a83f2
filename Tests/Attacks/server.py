"""The servers that are attacked, as processes of their own, and what their memory is."""
import contextlib
import glob
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import limits

START_SECONDS = 30
STOP_SECONDS = 20
# Loopback, but not the address of the bystanders: what is limited per address is limited for the attackers alone.
ATTACKER = "127.0.0.2"
# linux/in.h: the port is chosen by `connect`, which does not run out of them as `bind` does.
IP_BIND_ADDRESS_NO_PORT = 24


class Server:
    """A process that listens on loopback, ended by `stop`."""

    def __init__(self, name, command, port, certificate=None, proper="grpc-status 0"):
        self.name = name
        self.port = port
        self.certificate = certificate
        # Its answer to a proper call of the health service.
        self.proper = proper
        self.tls = client_context(certificate) if certificate else None
        self.log = []
        # It goes when the suite goes, however that goes.
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *command], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self):
        for line in self.process.stderr:
            self.log.append(line)
            del self.log[:-50]

    def connect(self, receive_buffer=None, secured=True, source=ATTACKER):
        """A connection of the attacker's; with TLS, if the server speaks it and `secured`."""
        plain = socket.socket()
        plain.settimeout(limits.PATIENCE_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            plain.bind((source, 0))
            plain.connect(("127.0.0.1", self.port))
            return self.tls.wrap_socket(plain, server_hostname="localhost") if self.tls and secured else plain
        except OSError:
            plain.close()
            raise

    def wait_until_up(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.connect().close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start:\n{''.join(self.log)}")

    @property
    def is_alive(self):
        return self.process.poll() is None

    def connections(self):
        """How many sockets the server has open."""
        folder = f"/proc/{self.process.pid}/fd"
        count = 0
        for descriptor in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):
                count += os.readlink(f"{folder}/{descriptor}").startswith("socket:")
        return count

    def memory(self):
        """(resident bytes, the most of them since `forget_peak`)."""
        figures = {"VmRSS": 0, "VmHWM": 0}
        # A process that has ended says nothing.
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                name, _, value = line.partition(":")
                if name in figures:
                    figures[name] = int(value.split()[0]) * limits.KIB
        return figures["VmRSS"], figures["VmHWM"]

    def cpu_seconds(self):
        """What the server has run so far, on all of its threads."""
        total = 0
        for path in glob.glob(f"/proc/{self.process.pid}/task/*/schedstat"):
            with open(path) as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def aggregator(binary, folder, secured):
    """An aggregator with its records in `folder`; with a certificate that is made there, if `secured`."""
    port = free_port()
    settings = os.path.join(folder, "aggregator.yaml")
    certificate, key = os.path.join(folder, "server.pem"), os.path.join(folder, "server.key")
    with open(settings, "w") as file:
        file.write(limits.SETTINGS)
        if secured:
            make_certificate(certificate, key)
            file.write(f"tls: {{certificate_file: {certificate}, key_file: {key}}}\n")
    command = [binary, "--config", settings, "--listen", f"127.0.0.1:{port}", "--state-directory",
               os.path.join(folder, "state")]
    return Server("the aggregator", command, port, certificate if secured else None)


def client_context(certificate):
    context = ssl.create_default_context(cafile=certificate)
    context.set_alpn_protocols(["h2"])
    return context


def nghttpd():
    """nghttp2's own server, for comparison."""
    port = free_port()
    return Server("nghttpd", ["nghttpd", "--no-tls", "--address=127.0.0.1", str(port)], port, proper=":status 404")


def make_certificate(certificate, key):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="muster-attacks-")
