"""Runs real MSAL for Python against the mock, and grades the Flask app of solutions/python-msal.

Needs Python 3.10 or newer with `venv` and `pip`, and cargo. Keeps a virtual environment of its own in
target/clients/venv. Exit code: 0 all passed, 1 something failed, 3 this machine cannot run it (the reason is printed).
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parents[1]
VENV = WORKSPACE / "target" / "clients" / "venv"
REQUIREMENTS = HERE / "requirements.txt"
PINS = WORKSPACE / "solutions" / "python-msal" / "requirements.txt"
CANNOT_RUN = 3


def main():
    python = ready_environment()
    finished = subprocess.run([python, HERE / "proofs.py"], cwd=WORKSPACE, check=False)
    sys.exit(finished.returncode)


def ready_environment():
    """The Python of the virtual environment, which is made anew when the requirements have changed."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = VENV / "requirements.sha256"
    wanted = hashlib.sha256(sys.version.encode() + REQUIREMENTS.read_bytes() + PINS.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--requirement", REQUIREMENTS], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"cannot run: the virtual environment {VENV} could not be made: {error}")
        sys.exit(CANNOT_RUN)
    stamp.write_text(wanted)
    return python


if __name__ == "__main__":
    main()
