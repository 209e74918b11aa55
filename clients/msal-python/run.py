"""Runs real MSAL for Python against the mock, and grades the Flask app of solutions/python-msal.

Needs Python 3.10 or newer with `venv` and `pip`, and cargo. Keeps a virtual environment of its own in
target/clients/venv. Exit code: 0 all passed, 1 something failed, 3 this machine cannot run it (the reason is printed).
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))
import environment  # noqa: E402  (found only now)

# The requirements name those of the Flask app.
PINS = HERE.parents[1] / "solutions" / "python-msal" / "requirements.txt"

if __name__ == "__main__":
    environment.run(HERE, "venv", [PINS])
