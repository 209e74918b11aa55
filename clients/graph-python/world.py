"""What the proofs share: the mock, the SDK clients, and what earlier proofs made."""

import os
import ssl
import sys
from pathlib import Path

import msal
from azure.identity import ClientSecretCredential, InteractiveBrowserCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient

from browser import Browser
from checking import succeeded

TENANT = "2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6"
DOMAIN = "abc-insurance.example"
OLGA = f"olga.admin@{DOMAIN}"
ADA = f"ada.adjuster@{DOMAIN}"
INES = f"ines.analyst@{DOMAIN}"
NILS = f"nils.norole@{DOMAIN}"
GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
GRAPH_SCOPES = ["https://graph.microsoft.com/.default"]
REDIRECT_URI = "http://localhost:5000/getAToken"
PICKER_BROWSER = Path(__file__).resolve().parents[1] / "harness" / "picker_browser.py"


def trust(mock):
    """As a learner does it: each HTTP library has a variable of its own for the CA, and Python one for the browser."""
    os.environ["REQUESTS_CA_BUNDLE"] = str(mock.ca)  # requests: MSAL and azure-identity
    os.environ["SSL_CERT_FILE"] = str(mock.ca)  # httpx: the Graph SDK
    # With `&` the browser runs beside the script, which must go on to wait for the answer.
    os.environ["BROWSER"] = f'"{sys.executable}" "{PICKER_BROWSER}" %s &'


class World:
    def __init__(self, mock):
        self.mock = mock
        self.admin = self.graph(self.interactive_credential(OLGA))
        self.application = None
        self.secret = None
        self.service_principal = None
        self.users = {}

    def interactive_credential(self, username):
        """The public client of the Azure SDKs, as it comes: no client id of our own."""
        os.environ["PICK_ACCOUNT"] = username
        return InteractiveBrowserCredential(
            authority=self.mock.origin, tenant_id=TENANT, disable_instance_discovery=True, timeout=30
        )

    def app_only_credential(self, secret=None):
        return ClientSecretCredential(
            TENANT,
            self.application.app_id,
            secret or self.secret.secret_text,
            authority=self.mock.origin,
            disable_instance_discovery=True,
        )

    def graph(self, credential):
        """A Graph client whose base URL is the mock's. The token is sent to the host that is named here and to no other."""
        provider = AzureIdentityAuthenticationProvider(credential, scopes=GRAPH_SCOPES, allowed_hosts=["localhost"])
        adapter = GraphRequestAdapter(provider)
        adapter.base_url = f"{self.mock.origin}/graph/v1.0"
        return GraphServiceClient(request_adapter=adapter)

    def sign_in(self, username):
        """The new app's sign-in by MSAL, with the secret that was made for it; the tokens."""
        app = msal.ConfidentialClientApplication(
            self.application.app_id,
            authority=f"{self.mock.origin}/{TENANT}",
            client_credential=self.secret.secret_text,
            instance_discovery=False,
            timeout=10,
        )
        flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REDIRECT_URI)
        answer = Browser(REDIRECT_URI).sign_in(flow["auth_uri"], username)
        return succeeded(app.acquire_token_by_auth_code_flow(flow, answer))

    async def user(self, name):
        if name not in self.users:
            self.users[name] = await self.admin.users.by_user_id(name).get()
        return self.users[name]

    def tls(self):
        return ssl.create_default_context(cafile=self.mock.ca)

