"""The virtual environment of a folder of proofs, and running them in it.

Exit code of `run`: 0 all passed, 1 something failed, 3 this machine cannot run it (the reason is printed)."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HARNESS = Path(__file__).resolve().parent
WORKSPACE = HARNESS.parents[1]
CANNOT_RUN = 3


def run(folder, venv, pins=()):
    """Runs `proofs.py` of the folder with the packages of its `requirements.txt`; `pins` are files that those name."""
    python = _ready(WORKSPACE / "target" / "clients" / venv, folder / "requirements.txt", pins)
    paths = [str(HARNESS), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    finished = subprocess.run([python, folder / "proofs.py"], cwd=WORKSPACE, env=environment, check=False)
    sys.exit(finished.returncode)


def _ready(venv, requirements, pins):
    """The Python of the virtual environment, which is made anew when the requirements have changed."""
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / "requirements.sha256"
    wanted = hashlib.sha256(b"".join([sys.version.encode(), *(file.read_bytes() for file in (requirements, *pins))])).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"cannot run: the virtual environment {venv} could not be made: {error}")
        sys.exit(CANNOT_RUN)
    stamp.write_text(wanted)
    return python
