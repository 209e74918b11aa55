"""The browser of a script that signs in by itself, for the variable BROWSER (Python, "webbrowser"; xdg-open, "BROWSER").

    python picker_browser.py URL

Opens the authorization request, picks the account that PICK_ACCOUNT names, and goes where the answer sends it: to the port
at which the script waits."""

import os
import sys
from urllib.parse import parse_qs, urlsplit

import requests

from browser import Browser


def main():
    [_, auth_uri] = sys.argv
    [redirect_uri] = parse_qs(urlsplit(auth_uri).query)["redirect_uri"]
    address, fields = Browser(redirect_uri).arrive(auth_uri, os.environ["PICK_ACCOUNT"])
    requests.request("GET" if fields is None else "POST", address, data=fields, timeout=10)


if __name__ == "__main__":
    main()
