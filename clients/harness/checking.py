"""What proofs say, and how they are counted."""

import base64
import json
import sys
import traceback


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


def differs(found, other):
    if found == other:
        raise AssertionError(f"expected something else than {other!r}")


def contains(found, expected):
    if expected not in found:
        raise AssertionError(f"expected {expected!r} in {found!r}")


def succeeded(result):
    """The answer of MSAL, if it is tokens."""
    if result is None or "error" in result:
        raise AssertionError(f"MSAL gave no token: {result}")
    return result


def payload(token):
    """The claims of a token, not validated. An app leaves Graph's tokens unread; a test of the mock may look."""
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


class Count:
    """Prints a numbered line for each proof, and at last how many passed."""

    def __init__(self):
        self._passed = 0
        self._failed = 0

    def passed(self, title):
        self._passed += 1
        print(f"passed  {self._number():>2}  {title}", flush=True)

    def failed(self, title):
        """To be called where the exception is caught."""
        self._failed += 1
        print(f"FAILED  {self._number():>2}  {title}\n{traceback.format_exc()}", flush=True)

    def finish(self):
        print(f"{self._passed} passed, {self._failed} failed")
        sys.exit(1 if self._failed else 0)

    def _number(self):
        return self._passed + self._failed


def title(proof):
    return proof.__name__.replace("_", " ")
