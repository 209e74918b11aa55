"""Configuration: read once at start, from the environment and from `.env`.

The names are those of Microsoft's own Python sample (AUTHORITY, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, SCOPE, ENDPOINT) and
PORT, SESSION_KEY and POLICY_DATA of this course.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import find_dotenv, load_dotenv

SHORTEST_SESSION_KEY = 32


class ConfigurationError(Exception):
    """A value is missing or cannot be right. The message names the variable and the remedy, and never shows a value."""


@dataclass(frozen=True)
class Config:
    authority: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]
    endpoint: str
    port: int
    session_key: str = field(repr=False)
    policy_data: Path

    @classmethod
    def from_env(cls):
        # The environment of the process wins over `.env`, which is looked for in this folder and in those above it.
        load_dotenv(find_dotenv(), override=False)

        authority = _required("AUTHORITY").rstrip("/")
        if not authority.startswith("https://"):
            raise ConfigurationError(
                "AUTHORITY must begin with https://, because MSAL refuses any other authority. With the course's"
                " provider use https://localhost:8443/<tenant id>, and set REQUESTS_CA_BUNDLE to its ca.pem."
            )
        session_key = _required("SESSION_KEY")
        if len(session_key.encode()) < SHORTEST_SESSION_KEY:
            raise ConfigurationError(f"SESSION_KEY must be {SHORTEST_SESSION_KEY} bytes or longer.")
        port = _required("PORT")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ConfigurationError("PORT must be a number from 1 to 65535.")

        return cls(
            authority=authority,
            client_id=_required("CLIENT_ID"),
            client_secret=_required("CLIENT_SECRET"),
            redirect_uri=_required("REDIRECT_URI"),
            scopes=tuple(_required("SCOPE").split()),
            endpoint=_required("ENDPOINT"),
            port=int(port),
            session_key=session_key,
            policy_data=Path(_required("POLICY_DATA")),
        )

    @property
    def home_uri(self):
        """Where the browser returns after sign-out: `/` at the origin of the redirect URI."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}/"


def _required(name):
    """An empty value counts as missing."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ConfigurationError(f"{name} is missing. Set it in the environment or in .env.")
    return value
