"""Does unit 3 as a script: Microsoft Graph SDK for Python, azure-identity and MSAL, unmodified, against the mock.

Needs Python 3.10 or newer with `venv` and `pip`, and cargo. Keeps a virtual environment of its own in
target/clients/graph-venv. Exit code: 0 all passed, 1 something failed, 3 this machine cannot run it (the reason is printed).
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))
import environment  # noqa: E402  (found only now)

if __name__ == "__main__":
    environment.run(HERE, "graph-venv")
