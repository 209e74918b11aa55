"""The mock identity provider as a process of its own: free ports, a temporary data directory."""

import json
import subprocess
import tempfile
from pathlib import Path

import requests

CLIENTS = Path(__file__).resolve().parents[1]
WORKSPACE = CLIENTS.parent


class Mock:
    def __init__(self, flags=()):
        """`flags` for `mock-idp serve`. Without any, the mock has its built-in tenants, as unit 1 begins."""
        self._flags = flags

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="mock-idp-")
        command = [_executable("mock-idp"), "serve", "--http", "localhost:0", "--https", "localhost:0"]
        command += ["--data-dir", self._directory.name, *self._flags]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            addresses = self._printed_addresses()
            self.origin, self.ca = addresses["https"], Path(addresses["ca"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.communicate()
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

    def _printed_addresses(self):
        """The lines that the mock prints once it listens: `https  https://localhost:41234`."""
        addresses = {}
        for line in self._process.stdout:
            name, _, value = line.partition(" ")
            addresses[name] = value.strip()
            if name == "ca":
                return addresses
        raise RuntimeError("the mock ended before it listened")


def _executable(package):
    """Builds the package and returns the path of its program. Starting that, and not `cargo run`, lets us end it by its
    own process id on every system."""
    command = ["cargo", "build", "--quiet", "--package", package, "--message-format", "json"]
    built = subprocess.run(command, cwd=WORKSPACE, stdout=subprocess.PIPE, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return next(message["executable"] for message in messages if message.get("executable"))
