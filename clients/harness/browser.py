"""A browser as far as these proofs need one: cookies, redirects and forms, driven by the names that the mock publishes
(`username`, `consent`)."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

MOST_STEPS = 10


class Browser:
    def __init__(self, redirect_uri):
        self._session = requests.Session()
        self._redirect_uri = redirect_uri

    def sign_in(self, auth_uri, username):
        """Signs in, and returns the parameters that the app would receive at its redirect URI."""
        address, fields = self.arrive(auth_uri, username)
        return dict(parse_qsl(urlsplit(address).query)) if fields is None else fields

    def arrive(self, auth_uri, username):
        """Opens the authorization request, picks the account, accepts the consent if it is asked for. The address that
        calls the app, and the fields of the form, if it is one that does."""
        response = self._get(auth_uri)
        for _ in range(MOST_STEPS):
            if response.is_redirect:
                target = urljoin(response.url, response.headers["Location"])
                if target.startswith(self._redirect_uri):
                    return target, None
                response = self._get(target)
                continue
            response.raise_for_status()
            page = Forms(response.text)
            answer = page.with_action(self._redirect_uri)
            if answer is not None:
                return answer.action, dict(answer.fields)
            form, button = page.with_button("username", username) or page.with_button("consent", "accept") or (None, None)
            if form is None:
                raise AssertionError(f"no form to go on with at {response.url}:\n{response.text}")
            response = self._session.post(
                urljoin(response.url, form.action), data=[*form.fields, button], allow_redirects=False, timeout=10
            )
        raise AssertionError(f"no answer after {MOST_STEPS} steps; the last page was {response.url}")

    def _get(self, url):
        return self._session.get(url, allow_redirects=False, timeout=10)


class Form:
    def __init__(self, action):
        self.action = action
        self.fields = []
        self.buttons = []


class Forms(HTMLParser):
    """The forms of a page, with their hidden fields and their buttons."""

    def __init__(self, html):
        super().__init__()
        self.forms = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append(Form(attributes.get("action") or ""))
        elif tag == "input" and attributes.get("type") == "hidden" and self.forms:
            self.forms[-1].fields.append((attributes["name"], attributes.get("value") or ""))
        elif tag == "button" and attributes.get("name") and self.forms:
            self.forms[-1].buttons.append((attributes["name"], attributes.get("value") or ""))

    def with_action(self, action):
        return next((form for form in self.forms if form.action == action), None)

    def with_button(self, name, value):
        return next(((form, (name, value)) for form in self.forms if (name, value) in form.buttons), None)
