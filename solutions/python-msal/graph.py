"""Calling Microsoft Graph with an access token: time limits, another attempt where one helps, pages of a list."""

import base64
import re
import time
from urllib.parse import urlsplit

import requests

PATIENCE_SECONDS = 4  # a person is waiting: so long may one page take, with all its calls and attempts
MOST_ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.2
MOST_PAGES = 10  # the list is to show, and nobody reads a thousand ids


class GraphError(Exception):
    """Why there is no answer to show: a text for the visitor and the status of our page."""

    def __init__(self, text, status):
        super().__init__(text)
        self.text = text
        self.status = status


class ClaimsChallenge(GraphError):
    """401 with a claims challenge: Graph wants a token with these claims (Microsoft identity platform: claims challenge)."""

    def __init__(self, claims):
        super().__init__("Microsoft Graph wants to know more about this sign-in.", 502)
        self.claims = claims


class Graph:
    """Microsoft Graph at ENDPOINT, the full address of the profile call."""

    def __init__(self, endpoint):
        self._endpoint = endpoint.rstrip("/")

    def profile(self, token):
        """The facts that the app shows. A property that Graph does not have is None."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        me = self._get(self._endpoint, token, deadline)
        names = ("displayName", "mail", "userPrincipalName", "id")
        return {**{name: me.get(name) for name in names}, "memberOf": self._member_of(token, deadline)}

    def _member_of(self, token, deadline):
        """The ids of the groups and directory roles: with User.Read alone, Graph tells no names."""
        ids, address = [], f"{self._endpoint}/memberOf"
        for _ in range(MOST_PAGES):
            page = self._get(address, token, deadline)
            ids += [entry["id"] for entry in page["value"]]
            address = page.get("@odata.nextLink")
            # The token goes along, so only to Graph itself.
            if address is None or urlsplit(address)[:2] != urlsplit(self._endpoint)[:2]:
                break
        return ids

    def _get(self, address, token, deadline):
        for attempt in range(MOST_ATTEMPTS):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                response = requests.get(
                    address, headers={"Authorization": f"Bearer {token}"}, timeout=left, allow_redirects=False
                )
                if response.ok:
                    return response.json()
            except requests.RequestException as error:
                raise GraphError("Microsoft Graph does not answer. Please try again in a minute.", 503) from error
            pause = _pause(response, attempt)
            if pause is None or pause >= deadline - time.monotonic():
                raise _refusal(response)
            time.sleep(pause)
        raise GraphError("Microsoft Graph does not answer. Please try again in a minute.", 503)


def _pause(response, attempt):
    """Seconds before the next attempt, or None to give up. Retry-After is an order: whoever calls earlier is refused
    again. Without it the pauses grow, so that a service in trouble can recover."""
    if response.status_code not in (429, 503, 504) or attempt + 1 == MOST_ATTEMPTS:
        return None
    wait = response.headers.get("Retry-After", "")
    return int(wait) if wait.isdecimal() else FIRST_PAUSE_SECONDS * 2**attempt


def _refusal(response):
    status = response.status_code
    if status == 401:
        encoded = re.search(r'claims="([^"]*)"', response.headers.get("WWW-Authenticate", ""))
        if encoded:
            return ClaimsChallenge(base64.b64decode(encoded[1]).decode())
        text = "Microsoft Graph does not accept the app's token. Sign out and in again, or tell the app's operator."
        return GraphError(text, 502)
    if status == 403:
        return GraphError("The app may not read this: a permission is missing or was not consented to.", 403)
    if status == 429:
        return GraphError("Microsoft Graph is busy. Please try again in a minute.", 503)
    return GraphError("Microsoft Graph has a problem. Please try again in a minute.", 503)
