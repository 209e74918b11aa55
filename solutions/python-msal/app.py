"""ABC Insurance's portal: a Flask web app that signs people in with MSAL for Python and shows them what their role
allows. Start it with `python app.py`; README.md says what it needs."""

import logging
import sys

from flask import Flask, abort, render_template, request, session
from waitress import serve
from werkzeug.exceptions import HTTPException

from app_config import Config, ConfigurationError
from graph import Graph, GraphError
from identity_provider import IdentityProvider, ProviderUnavailable
from pages import page, require_role, signed_in, wants_json
from policies import ADMIN, ALL_ROLES, ANALYST, CLIENT, PolicyBook
from profile_page import profile
from sessions import ServerSideSessions
from sign_in import sign_in


def create_app(config):
    app = Flask(__name__)
    app.config["PORTAL"] = config
    app.config["PROVIDER"] = IdentityProvider(config)
    app.session_interface = ServerSideSessions(config.session_key, secure=config.redirect_uri.startswith("https://"))
    app.config["GRAPH"] = Graph(config.endpoint)
    app.register_blueprint(sign_in)
    app.register_blueprint(profile)
    policies = PolicyBook(config.policy_data)

    @app.get("/healthz")
    def healthz():
        return {"status": "ok"}

    @app.get("/")
    def home():
        return render_template("home.html", account=session.get("account"))

    @app.get("/me")
    @signed_in
    def me(account):
        return page("me.html", account)

    @app.get("/my/policies")
    @signed_in
    def my_policies(account):
        require_role(account, CLIENT)
        own = policies.owned_by(account)
        return page("my_policies.html", {"policies": [{"id": policy.id} for policy in own]})

    @app.get("/policies/<policy_id>")
    @signed_in
    def policy(account, policy_id):
        visible = policies.visible_to(account, policy_id)
        if visible is None:
            abort(403)  # also where there is no such policy: nobody learns which ids exist
        return page("policy.html", {"id": visible.id, "region": visible.region, "premium": visible.premium})

    @app.get("/insights")
    @signed_in
    def insights(account):
        require_role(account, ANALYST)
        return page("insights.html", policies.insights())

    @app.get("/admin/roles")
    @signed_in
    def admin_roles(account):
        require_role(account, ADMIN)
        return page("roles.html", {"roles": [{"value": value} for value in ALL_ROLES]})

    @app.errorhandler(ProviderUnavailable)
    def provider_unavailable(_):
        text = "The sign-in service cannot be reached. Please try again in a moment."
        return render_template("message.html", title="Sign-in is not available", text=text, offer_sign_in=True), 503

    @app.errorhandler(GraphError)
    def no_profile(error):
        if wants_json():
            return {"error": "No profile", "message": error.text}, error.status
        return render_template("message.html", title="No profile", text=error.text), error.status

    @app.errorhandler(HTTPException)
    def refusal(error):
        if wants_json():
            return {"error": error.name}, error.code
        text = "Your role does not allow this page." if error.code == 403 else error.description
        response = error.get_response()  # keeps its own headers, such as Allow with 405
        response.data = render_template("message.html", title=error.name, text=text)
        response.content_type = "text/html; charset=utf-8"
        return response

    @app.after_request
    def protect(response):
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"  # the Back button shows nothing after sign-out
            response.vary.add("Accept")
        return response

    return app


def main():
    logging.basicConfig(level=logging.WARNING)
    try:
        config = Config.from_env()
        app = create_app(config)
    except ConfigurationError as error:
        sys.exit(f"Configuration: {error}")
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"Configuration: the file that POLICY_DATA names cannot be used: {error!r}")
    print(f"Listening on http://localhost:{config.port}", flush=True)
    # Unlike Flask's development server, waitress logs no request lines; those would show authorization codes.
    serve(app, listen=f"127.0.0.1:{config.port}", threads=8, ident=None)


if __name__ == "__main__":
    main()
