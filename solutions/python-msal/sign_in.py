"""Sign-in and sign-out: the authorization code flow (Microsoft identity platform: v2-oauth2-auth-code-flow)."""

import sys
from urllib.parse import urlencode

import msal
import requests
from flask import Blueprint, current_app, redirect, render_template, request, session
from msal.exceptions import MsalServiceError

from identity_provider import ProviderUnavailable

MOST_PENDING_SIGN_INS = 5

sign_in = Blueprint("sign_in", __name__)


@sign_in.get("/login")
def login():
    return send_to_provider(local_path(request.args.get("return_to")))


def send_to_provider(return_to, **options):
    """Sends the browser to the provider, and remembers in the session what the answer has to fit."""
    config = current_app.config["PORTAL"]
    flow = current_app.config["PROVIDER"].client(msal.TokenCache()).initiate_auth_code_flow(
        scopes=list(config.scopes), redirect_uri=config.redirect_uri, **options
    )
    flow["return_to"] = return_to
    # One browser may sign in from several tabs: each has its own state, so each has its own entry.
    pending = session.setdefault("pending", {})
    while len(pending) >= MOST_PENDING_SIGN_INS:
        pending.pop(next(iter(pending)), None)
    pending[flow["state"]] = flow
    return redirect(flow["auth_uri"])


@sign_in.get("/getAToken")
def callback():
    """The browser comes back with a code or an error. Both count only with a `state` that this browser was given."""
    # Taken out before it is used, so that the same answer cannot be used twice.
    flow = session.get("pending", {}).pop(request.args.get("state", ""), None)
    if flow is None:
        return refused("This sign-in was not started in this browser, or it was already used. Please sign in again.")
    return_to = flow.pop("return_to")
    tokens = msal.TokenCache()
    try:
        # Compares state and nonce, sends the PKCE verifier and the client secret to the token endpoint.
        result = current_app.config["PROVIDER"].client(tokens).acquire_token_by_auth_code_flow(flow, request.args.to_dict())
    except (requests.RequestException, MsalServiceError) as error:
        raise ProviderUnavailable from error
    except (LookupError, RuntimeError, ValueError):
        return refused("The answer to this sign-in does not fit the question. Please sign in again.")
    if "error" in result:
        return provider_refused(result)
    claims = result.get("id_token_claims", {})
    if not claims.get("oid") or not claims.get("tid"):
        return refused("The ID token does not say who signed in. Please sign in again.")

    challenged = session.get("challenged", False)
    session.start_anew()  # a session id that somebody knew before the sign-in is worth nothing after it
    session["tokens"] = tokens  # of this person and this session; they go when the session goes
    session["challenged"] = challenged
    session["account"] = {
        "name": claims.get("name", ""),
        "preferred_username": claims.get("preferred_username", ""),
        "oid": claims["oid"],
        "tid": claims["tid"],
        "roles": claims.get("roles", []),  # Entra leaves the claim out for somebody without a role
    }
    return redirect(return_to)


@sign_in.post("/logout")
def logout():
    """Ends the session here first, then the one at the provider."""
    config = current_app.config["PORTAL"]
    session.start_anew()
    try:
        endpoint = current_app.config["PROVIDER"].end_session_endpoint()
    except ProviderUnavailable:
        return redirect("/")
    return redirect(f"{endpoint}?{urlencode({'post_logout_redirect_uri': config.home_uri})}")


def local_path(value):
    """Where to go after sign-in: a path of this app, or the page about the user. A browser reads `//host` and
    `/\\host` as another site, and drops tabs and line ends before it does so."""
    is_local = (
        value is not None
        and value.startswith("/")
        and not value.startswith("//")
        and "\\" not in value
        and value.isprintable()
    )
    return value if is_local else "/me"


def refused(text):
    return render_template("message.html", title="Sign-in refused", text=text, offer_sign_in=True), 400


# What the operator reads when the token endpoint refuses the app itself. Each names the setting, and none its value.
OPERATOR_MESSAGES = {
    7000222: "CLIENT_SECRET has expired (AADSTS7000222). Add a new client secret, set CLIENT_SECRET to its value, restart.",
    7000215: "CLIENT_SECRET is not a secret of this app (AADSTS7000215). Use the secret's Value, not its Secret ID.",
}


def provider_refused(result):
    """The user said no, consent is missing, or the provider had a problem (RFC 6749 §4.1.2.1 and §5.2)."""
    if result["error"] == "invalid_client":
        code = next(iter(result.get("error_codes", [])), None)
        message = OPERATOR_MESSAGES.get(code, f"The provider refuses this app (AADSTS{code}). Compare CLIENT_ID and AUTHORITY.")
        print(message, file=sys.stderr, flush=True)
    texts = {
        "access_denied": "You, or your administrator, said no. Nobody was signed in.",
        "consent_required": "This app needs a consent that has not been given. Please ask your administrator.",
        "interaction_required": "Your organization asks for one more step. Please sign in again.",
        "server_error": "The sign-in service had a problem. Please try again in a moment.",
        "temporarily_unavailable": "The sign-in service had a problem. Please try again in a moment.",
    }
    text = texts.get(result["error"], "The sign-in service refused the sign-in.")
    return render_template("message.html", title="Not signed in", text=text, code=result["error"], offer_sign_in=True), 400
