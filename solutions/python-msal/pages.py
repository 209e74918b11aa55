"""What all pages share: who may see them, and in which form."""

import functools

from flask import abort, jsonify, redirect, render_template, request, session, url_for


def signed_in(view):
    """Anonymous visitors are asked to sign in: a browser by a redirect, a program by 401."""

    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        account = session.get("account")
        if account is not None:
            return view(account, *args, **kwargs)
        if wants_json():
            abort(401)
        return redirect(url_for("sign_in.login", return_to=request.full_path.removesuffix("?")))

    return wrapper


def require_role(account, role):
    """The whole value, in a list: the text "Client" is also a part of "Client.Archive"."""
    if role not in account["roles"]:
        abort(403)


def page(template, facts):
    """The same facts for a person and for a program."""
    return jsonify(facts) if wants_json() else render_template(template, **facts)


def wants_json():
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
