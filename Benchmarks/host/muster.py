"""Muster's own programs, as the benchmark starts and asks them."""
import json
import os
import subprocess
import tempfile

from processes import free_port, listening, start, wait_until


class Muster:
    def __init__(self, binaries, folder):
        self.binaries = binaries
        self.folder = folder
        self.certificate = None

    def state(self):
        return tempfile.mkdtemp(dir=self.folder)

    def settings(self, text):
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".yaml", delete=False) as file:
            file.write(text)
        return file.name

    def make_certificate(self):
        """ECDSA P-256, good for 127.0.0.1; made once."""
        if not self.certificate:
            certificate, key = f"{self.folder}/certificate.pem", f"{self.folder}/key.pem"
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-days", "30", "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1",
                 "-keyout", key, "-out", certificate],
                check=True, capture_output=True)
            self.certificate, self.key = certificate, key
        return self.certificate, self.key

    def start_aggregator(self, tls=False):
        """The process and its port."""
        port = free_port()
        text = "limits:\n  hosts: 20000\n"
        if tls:
            certificate, key = self.make_certificate()
            text += f"tls:\n  certificate_file: {certificate}\n  key_file: {key}\n"
        process = start(
            f"{self.binaries}/muster-aggregator", "--listen", f"127.0.0.1:{port}", "--state-directory",
            self.state(), "--config", self.settings(text))
        wait_until("the aggregator", lambda: listening(port))
        return process, port

    def collector_arguments(self, port, interval, instance, tls=False, more=""):
        text = more + (f"tls:\n  ca_file: {self.make_certificate()[0]}\n" if tls else "")
        return ["--config", self.settings(text), "--aggregator", f"127.0.0.1:{port}", "--interval", interval,
                "--instance", instance, "--state-directory", self.state()]

    def start_collector(self, port, interval, instance, tls=False, more=""):
        return start(
            f"{self.binaries}/muster-collector", *self.collector_arguments(port, interval, instance, tls, more))

    def start_load(self, aggregator, port, connections, interval_ms, seconds):
        """muster-load as so many collectors, all connected: the measured time begins."""
        load = subprocess.Popen(
            [f"{self.binaries}/muster-load", "frames", "--port", str(port), "--server-pid", str(aggregator.pid),
             "--connections", str(connections), "--interval-ms", str(interval_ms), "--seconds", str(seconds)],
            stdout=subprocess.PIPE, text=True)
        load.stdout.readline()
        return load

    def start_tail(self, port, seconds):
        """One reader of a metric of all hosts: how old is a frame when it arrives there?"""
        return subprocess.Popen(
            [f"{self.binaries}/muster-load", "tail", "--port", str(port), "--seconds", str(seconds)],
            stdout=subprocess.PIPE, text=True)

    def cli(self, port, *arguments):
        return subprocess.run(
            [f"{self.binaries}/muster", *arguments, "--aggregator", f"127.0.0.1:{port}"],
            capture_output=True, text=True)

    def hosts(self, port, *arguments):
        return json.loads(self.cli(port, "hosts", *arguments, "--output", "json").stdout or "[]")

    def series(self, port, instance):
        return next((row["series"] for row in self.hosts(port) if row["instance"] == instance), 0)

    def latest(self, port, instance, name):
        lines = self.cli(port, "latest", instance, name, "--output", "json").stdout.splitlines()
        return json.loads(lines[0])["value"] if lines else None
