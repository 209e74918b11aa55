"""One proof after the other, each a thing that real MSAL for Python does against the mock, over https. Started by
run.py, inside the virtual environment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msal
import requests

from browser import Browser
from checking import Count, contains, differs, equal, payload, succeeded, title
from mock import CLIENTS, WORKSPACE, Mock

DIRECTORY_FILE = CLIENTS / "directory.json"
DIRECTORY = json.loads(DIRECTORY_FILE.read_text(encoding="utf-8"))
TENANT = DIRECTORY["organization"]["id"]
APPLICATION = DIRECTORY["applications"][0]
SECRET = APPLICATION["passwordCredentials"][0]["secretText"]
ADA = DIRECTORY["users"][0]
REDIRECT_URI = "http://localhost:5000/getAToken"
SCOPES = ["User.Read"]
APP_SCOPES = ["https://graph.microsoft.com/.default"]
FLASK_APP = WORKSPACE / "solutions" / "python-msal"


class Proofs:
    """The proofs in the order in which they run: later ones use the tokens of the sign-in."""

    def __init__(self, mock):
        self._mock = mock
        self._app = self._client()

    def _client(self, secret=SECRET, instance_discovery=False):
        return msal.ConfidentialClientApplication(
            APPLICATION["appId"],
            authority=f"{self._mock.origin}/{TENANT}",
            client_credential=secret,
            instance_discovery=instance_discovery,
            timeout=10,
        )

    def sign_in_with_code_and_pkce(self):
        flow = self._app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT_URI)
        asked = parse_qs(urlsplit(flow["auth_uri"]).query)
        equal(asked["code_challenge_method"], ["S256"])
        equal(asked["response_type"], ["code"])
        answer = Browser(REDIRECT_URI).sign_in(flow["auth_uri"], ADA["userPrincipalName"])
        result = succeeded(self._app.acquire_token_by_auth_code_flow(flow, answer))
        claims = result["id_token_claims"]
        equal(claims["iss"], f"{self._mock.origin}/{TENANT}/v2.0")
        equal(claims["aud"], APPLICATION["appId"])
        equal((claims["oid"], claims["tid"]), (ADA["id"], TENANT))
        equal((claims["name"], claims["preferred_username"]), (ADA["displayName"], ADA["userPrincipalName"]))
        equal(claims["roles"], ["Claims.Adjuster"])
        contains(result["scope"].split(), "User.Read")
        # From `client_info`: without it, MSAL makes up a shorter id and other SDKs do not find the account.
        equal(self._account()["home_account_id"], f"{ADA['id']}.{TENANT}")

    def silent_token_comes_from_the_cache(self):
        seq = self._mock.last_seq()
        result = succeeded(self._app.acquire_token_silent(SCOPES, account=self._account()))
        equal(result["token_source"], "cache")
        equal(self._grants_since(seq), [])

    def forced_refresh_brings_a_new_token(self):
        before = self._app.acquire_token_silent(SCOPES, account=self._account())["access_token"]
        seq = self._mock.last_seq()
        result = succeeded(self._app.acquire_token_silent(SCOPES, account=self._account(), force_refresh=True))
        equal(result["token_source"], "identity_provider")
        differs(result["access_token"], before)
        equal(self._grants_since(seq), ["refresh_token"])

    def me_answers_what_select_asks_for(self):
        token = self._app.acquire_token_silent(SCOPES, account=self._account())["access_token"]
        response = self._graph("/v1.0/me?$select=displayName,userPrincipalName", token)
        equal(response.status_code, 200)
        body = {key: value for key, value in response.json().items() if not key.startswith("@odata.")}
        equal(body, {"displayName": ADA["displayName"], "userPrincipalName": ADA["userPrincipalName"]})

    def id_token_is_no_key_to_graph(self):
        account = self._account()
        id_tokens = self._app.token_cache.search("IdToken", query={"home_account_id": account["home_account_id"]})
        response = self._graph("/v1.0/me", next(iter(id_tokens))["secret"])
        equal(response.status_code, 401)
        equal(response.json()["error"]["code"], "InvalidAuthenticationToken")

    def sign_in_with_form_post(self):
        app = self._client()
        flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT_URI, response_mode="form_post")
        answer = Browser(REDIRECT_URI).sign_in(flow["auth_uri"], ADA["userPrincipalName"])
        result = succeeded(app.acquire_token_by_auth_code_flow(flow, answer))
        equal(result["id_token_claims"]["oid"], ADA["id"])

    def wrong_nonce_is_refused(self):
        self._mock.inject("wrongNonce")
        app = self._client()
        flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT_URI)
        answer = Browser(REDIRECT_URI).sign_in(flow["auth_uri"], ADA["userPrincipalName"])
        try:
            app.acquire_token_by_auth_code_flow(flow, answer)
        except RuntimeError as error:
            contains(str(error), "nonce")
        else:
            raise AssertionError("MSAL accepted an ID token with the wrong nonce")

    def app_only_token(self):
        result = succeeded(self._app.acquire_token_for_client(APP_SCOPES))
        claims = payload(result["access_token"])
        equal(claims["aud"], "https://graph.microsoft.com")
        equal(claims["roles"], ["User.Read.All"])
        equal("scp" in claims, False)
        equal("refresh_token" in result or "id_token" in result, False)
        equal(succeeded(self._app.acquire_token_for_client(APP_SCOPES))["token_source"], "cache")

    def app_only_token_reads_users_but_has_no_me(self):
        token = self._app.acquire_token_for_client(APP_SCOPES)["access_token"]
        users = self._graph("/v1.0/users", token)
        equal(users.status_code, 200)
        equal(sorted(user["id"] for user in users.json()["value"]), sorted(user["id"] for user in DIRECTORY["users"]))
        equal(self._graph("/v1.0/me", token).status_code, 400)

    def wrong_secret_is_invalid_client(self):
        result = self._client(secret="not-the-secret").acquire_token_for_client(APP_SCOPES)
        equal(result.get("error"), "invalid_client")
        equal(result["error_codes"], [7000215])

    def instance_discovery_can_be_answered_by_the_mock(self):
        app = self._client(instance_discovery=f"{self._mock.origin}/common/discovery/instance")
        succeeded(app.acquire_token_for_client(APP_SCOPES))

    def flask_app_passes_the_checks_of_unit_4(self):
        self._flask_app_passes(4)

    def flask_app_passes_the_checks_of_unit_5(self):
        self._flask_app_passes(5)

    def flask_app_passes_the_drill_of_unit_6(self):
        # These two judge a file about another app, and this folder has none.
        self._flask_app_passes(6, without={"U6-15", "U6-16"})

    def _flask_app_passes(self, unit, without=frozenset()):
        # A relative path: the command line is split at spaces, and the workspace's path may hold some.
        python = Path(os.path.relpath(sys.executable, FLASK_APP)).as_posix()
        command = ["cargo", "xtask", "grade", "--unit", str(unit), "--cmd", f"{python} app.py", "--profile", "core", "--json"]
        graded = subprocess.run(command, cwd=FLASK_APP, stdout=subprocess.PIPE, text=True, check=False)
        [result] = json.loads(graded.stdout)["units"]
        judged = [check for check in result["checks"] if check["id"] not in without]
        others = [f'{check["id"]}: {check["message"]}' for check in judged if check["status"] not in ("pass", "skipped")]
        if others or (graded.returncode != 0 and not without):
            raise AssertionError("\n".join([f"exit code {graded.returncode}", *others]))
        differs(len([check for check in judged if check["status"] == "pass"]), 0)

    def _account(self):
        return next(account for account in self._app.get_accounts() if account["username"] == ADA["userPrincipalName"])

    def _grants_since(self, seq):
        return [event["request"]["params"]["grant_type"] for event in self._mock.events_since(seq) if event["kind"] == "token"]

    def _graph(self, path, token):
        return requests.get(
            f"{self._mock.origin}/graph{path}", headers={"Authorization": f"Bearer {token}"}, timeout=10
        )


ORDER = [
    Proofs.sign_in_with_code_and_pkce,
    Proofs.silent_token_comes_from_the_cache,
    Proofs.forced_refresh_brings_a_new_token,
    Proofs.me_answers_what_select_asks_for,
    Proofs.id_token_is_no_key_to_graph,
    Proofs.sign_in_with_form_post,
    Proofs.wrong_nonce_is_refused,
    Proofs.app_only_token,
    Proofs.app_only_token_reads_users_but_has_no_me,
    Proofs.wrong_secret_is_invalid_client,
    Proofs.instance_discovery_can_be_answered_by_the_mock,
    Proofs.flask_app_passes_the_checks_of_unit_4,
    Proofs.flask_app_passes_the_checks_of_unit_5,
    Proofs.flask_app_passes_the_drill_of_unit_6,
]


def main():
    count = Count()
    with Mock(["--directory", DIRECTORY_FILE]) as mock:
        # As a learner does it: requests, and with it MSAL, trusts the mock's CA by this variable.
        os.environ["REQUESTS_CA_BUNDLE"] = str(mock.ca)
        proofs = Proofs(mock)
        for proof in ORDER:
            try:
                proof(proofs)
            except Exception:
                count.failed(title(proof))
            else:
                count.passed(title(proof))
    count.finish()


if __name__ == "__main__":
    main()
