"""`/profile`: what Microsoft Graph knows of the signed-in person, with a token that MSAL finds silently if it can."""

import threading

import requests
from flask import Blueprint, abort, current_app, session
from msal.exceptions import MsalServiceError

from graph import ClaimsChallenge
from identity_provider import ProviderUnavailable
from pages import page, signed_in, wants_json
from sign_in import send_to_provider

profile = Blueprint("profile", __name__)


@profile.get("/profile")
@signed_in
def show(account):
    token = acquire_token_silent()
    if token is None:
        return acquire_token_interactive()
    try:
        facts = current_app.config["GRAPH"].profile(token)
    except ClaimsChallenge as challenge:
        # Once: what one sign-in does not change, a second one does not change either.
        if session.pop("challenged", False):
            raise
        session["challenged"] = True
        return acquire_token_interactive(challenge.claims)
    session.pop("challenged", None)
    return page("profile.html", facts)


def acquire_token_silent():
    """An access token from this session's cache, or by its refresh token; None where only the person can help.

    MSAL compares account and scopes, renews a token that is about to end, and keeps the new refresh token. One request
    of a session at a time: the others then find the token of the first."""
    config = current_app.config["PORTAL"]
    with session.setdefault("turn", threading.Lock()):
        client = current_app.config["PROVIDER"].client(session["tokens"])
        try:
            accounts = client.get_accounts()
            result = client.acquire_token_silent(list(config.scopes), account=accounts[0]) if accounts else None
        except (requests.RequestException, MsalServiceError) as error:
            raise ProviderUnavailable from error
    return result and result.get("access_token")


def acquire_token_interactive(claims=None):
    """The browser goes to the provider once more, and comes back to this page. Mostly the person sees nothing of it."""
    if wants_json():
        abort(401)  # a program cannot be sent to a page
    return send_to_provider("/profile", login_hint=session["account"]["preferred_username"], claims_challenge=claims)
