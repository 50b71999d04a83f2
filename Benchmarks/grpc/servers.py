"""The servers that are compared. Each is started anew for every measurement."""
import contextlib
import os
import subprocess
import tempfile

import processes


class Server:
    """How one server is started: `command(port, tls)`, where port is None if it chooses and announces one."""

    def __init__(self, name, command, announces_port=True, is_sink=False):
        self.name = name
        self.is_sink = is_sink
        self._command = command
        self._announces_port = announces_port

    @contextlib.contextmanager
    def running(self, tls):
        """Yields the process and its port."""
        if self._announces_port:
            process = processes.start(self._command(None, tls), stdout=subprocess.PIPE)
            port = processes.announced_port(process)
        else:
            port = processes.free_port()
            process = processes.start(self._command(port, tls), stdout=subprocess.DEVNULL)
            processes.wait_until_listening(process, port)
        try:
            yield process, port
        finally:
            processes.stop(process)


class Servers:
    def __init__(self, release, cpp, certificate, key, python):
        def muster(_, tls):
            secured = ["--use_tls", "--tls_cert_file", certificate, "--tls_key_file", key]
            return [f"{release}/grpc-interop-server", "--port", "0", *(secured if tls else [])]

        def grpcpp(program):
            secured = ["--tls_cert_file", certificate, "--tls_key_file", key]
            return lambda _, tls: [f"{cpp}/{program}", *(secured if tls else [])]

        def nghttpd(port, tls):
            options = ["--address=127.0.0.1", f"--workers={os.cpu_count()}"]
            return ["nghttpd", *options, *([str(port), key, certificate] if tls else ["--no-tls", str(port)])]

        def aggregator(port, _):
            return [f"{release}/muster-aggregator", "--listen", f"127.0.0.1:{port}", "--state-directory",
                    tempfile.mkdtemp(prefix="state-", dir=os.path.dirname(certificate))]

        here = os.path.dirname(os.path.abspath(__file__))
        self.muster = Server("Muster", muster)
        self.callback = Server("libgrpc++, callback API", grpcpp("server_callback"))
        self.queues = Server("libgrpc++, completion queues", grpcpp("server_async"))
        # Not a gRPC server: it takes the same HTTP/2 frames, and throws the bytes away.
        self.nghttpd = Server("nghttpd (HTTP/2 only)", nghttpd, announces_port=False, is_sink=True)
        # The whole of it: what the frames say is stored.
        self.aggregator = Server("Muster's aggregator", aggregator, announces_port=False)
        self.grpcio = Server("grpcio", lambda _, tls: [python, f"{here}/grpcio_peer.py", "server"])
