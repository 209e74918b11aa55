"""The identity provider as this app sees it: its discovery document, and MSAL's client.

MSAL (the Microsoft Authentication Library) builds the authorization request with state, nonce and PKCE, redeems the
code and compares state and nonce. Since version 1.38 it checks nothing else of the ID token.
"""

import json
import threading

import msal
import requests
from msal.exceptions import MsalServiceError

TIMEOUT_SECONDS = 5

# What requests and MSAL raise when the provider does not answer, or answers something that is no discovery document.
PROVIDER_ERRORS = (requests.RequestException, MsalServiceError, ValueError, KeyError)


class ProviderUnavailable(Exception):
    """The provider cannot be reached, or its discovery document is not the one of our authority."""


class IdentityProvider:
    def __init__(self, config):
        self._config = config
        self._metadata = None
        self._lock = threading.Lock()
        self._http_cache = {}  # MSAL keeps discovery documents here, never tokens

    def client(self, token_cache):
        """A client with the token cache of one session: one cache for the whole app would mix the users' tokens."""
        self._discover()
        try:
            return msal.ConfidentialClientApplication(
                self._config.client_id,
                authority=self._config.authority,
                client_credential=self._config.client_secret,
                # MSAL would ask login.microsoftonline.com whether it knows this host. The authority comes from our
                # own configuration, so there is nothing to ask.
                instance_discovery=False,
                token_cache=token_cache,
                http_cache=self._http_cache,
                timeout=TIMEOUT_SECONDS,
            )
        except PROVIDER_ERRORS as error:
            raise ProviderUnavailable from error

    def end_session_endpoint(self):
        return self._discover()["end_session_endpoint"]

    def _discover(self):
        """The discovery document, asked for once. It must name our authority as its issuer (OIDC Discovery §4.3)."""
        with self._lock:
            if self._metadata is None:
                try:
                    response = requests.get(
                        f"{self._config.authority}/v2.0/.well-known/openid-configuration", timeout=TIMEOUT_SECONDS
                    )
                    response.raise_for_status()
                    metadata = json.loads(response.text)
                    issuer = metadata["issuer"]
                except PROVIDER_ERRORS as error:
                    raise ProviderUnavailable from error
                if issuer != f"{self._config.authority}/v2.0":
                    raise ProviderUnavailable
                self._metadata = metadata
            return self._metadata
