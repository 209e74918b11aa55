"""Sessions kept in the server's memory.

Flask's own session puts its content, signed but readable, into the cookie. Here the cookie holds only a random id,
signed with SESSION_KEY, and everything else stays on the server.
"""

import secrets
import threading
import time

from flask import request
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, Signer

COOKIE = "abc_portal"
LIFETIME_SECONDS = 8 * 60 * 60


class Session(dict, SessionMixin):
    """What the app remembers of one browser. All requests of that browser share this one object."""

    def __init__(self):
        super().__init__()
        self.id = None  # given when the session is stored for the first time
        self.expires_at = time.monotonic() + LIFETIME_SECONDS

    def start_anew(self):
        """Forgets everything. The session gets a new id at the end of the request, and the old id opens nothing."""
        self.clear()
        self.id = None


class ServerSideSessions(SessionInterface):
    def __init__(self, session_key, secure):
        self._signer = Signer(session_key, salt="abc-portal-session")
        self._secure = secure
        self._sessions = {}
        self._lock = threading.Lock()

    def open_session(self, app, request):
        session = self._sessions.get(self._id_in_cookie(request))
        if session is None or session.expires_at < time.monotonic():
            return Session()
        return session

    def save_session(self, app, session, response):
        id_in_cookie = self._id_in_cookie(request)
        if session.id is None:
            self._forget(id_in_cookie)
            if session:
                self._remember(session)
        if session.id is None:
            if COOKIE in request.cookies:
                response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=self._secure)
        elif session.id != id_in_cookie:
            response.set_cookie(
                COOKIE,
                self._signer.sign(session.id).decode(),
                path="/",
                httponly=True,  # no script of a page can read it
                samesite="Lax",  # another site's form cannot use it; the provider's redirect (a GET) can
                secure=self._secure,
            )

    def _id_in_cookie(self, request):
        try:
            return self._signer.unsign(request.cookies.get(COOKIE, "")).decode()
        except BadSignature:
            return None

    def _remember(self, session):
        session.id = secrets.token_urlsafe(32)
        with self._lock:
            now = time.monotonic()
            for expired in [id for id, other in self._sessions.items() if other.expires_at < now]:
                del self._sessions[expired]
            self._sessions[session.id] = session

    def _forget(self, id):
        with self._lock:
            self._sessions.pop(id, None)
