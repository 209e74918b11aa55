"""The mock identity provider as a process of its own: free ports, a temporary data directory, the apps of
clients/directory.json."""

import json
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

CLIENTS = Path(__file__).resolve().parents[1]
WORKSPACE = CLIENTS.parent
START_LIMIT_SECONDS = 60


class Mock:
    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="mock-idp-")
        self.ca = Path(self._directory.name) / "ca.pem"
        http, https = _free_ports()
        self.origin = f"https://localhost:{https}"
        command = [_executable("mock-idp"), "serve", "--http", f"localhost:{http}", "--https", f"localhost:{https}"]
        command += ["--data-dir", self._directory.name, "--directory", CLIENTS / "directory.json"]
        self._process = subprocess.Popen(command)
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._directory.cleanup()

    def events_since(self, seq):
        return self._control("GET", f"/mock/trace?since={seq}").json()["events"]

    def last_seq(self):
        return max((event["seq"] for event in self.events_since(0)), default=0)

    def inject(self, fault):
        self._control("POST", "/mock/faults", {"fault": fault, "times": 1})

    def _control(self, method, path, body=None):
        response = requests.request(
            method, self.origin + path, json=body, headers={"Mock-Control": "1"}, verify=self.ca, timeout=10
        )
        response.raise_for_status()
        return response

    def _wait_until_it_answers(self):
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while True:
            if self._process.poll() is not None:
                raise RuntimeError(f"the mock ended with exit code {self._process.returncode}")
            try:
                if self.ca.exists():
                    self._control("GET", "/mock/health")
                    return
            except requests.ConnectionError:
                pass
            if time.monotonic() > deadline:
                raise RuntimeError(f"the mock does not answer at {self.origin} after {START_LIMIT_SECONDS} s")
            time.sleep(0.05)


def _executable(package):
    """Builds the package and returns the path of its program. Starting that, and not `cargo run`, lets us end it by its
    own process id on every system."""
    command = ["cargo", "build", "--quiet", "--package", package, "--message-format", "json"]
    built = subprocess.run(command, cwd=WORKSPACE, stdout=subprocess.PIPE, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return next(message["executable"] for message in messages if message.get("executable"))


def _free_ports():
    """Two ports that nobody listens on at this moment."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
