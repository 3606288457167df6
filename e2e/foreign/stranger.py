# A client with nothing but Python's own library, written from RFC 6749 and RFC 7009. Run: python3 stranger.py CODE VERIFIER
import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

platform = os.environ["PLATFORM"]
with urllib.request.urlopen(platform + "/.well-known/oauth-authorization-server", timeout=10) as found:
    metadata = json.load(found)


def post(endpoint, **fields):
    client = ":".join(urllib.parse.quote_plus(os.environ[name]) for name in ("CLIENT_ID", "CLIENT_SECRET"))
    request = urllib.request.Request(metadata[endpoint], urllib.parse.urlencode(fields).encode())
    request.add_header("Authorization", "Basic " + base64.b64encode(client.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return {"status": answer.status, "body": json.load(answer)}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "body": json.load(error)}


code, verifier = sys.argv[1:]
first = post(
    "token_endpoint",
    grant_type="authorization_code",
    code=code,
    redirect_uri="http://localhost/",
    code_verifier=verifier,
)
second = post("token_endpoint", grant_type="refresh_token", refresh_token=first["body"]["refresh_token"])
revoked = post("revocation_endpoint", token=second["body"]["refresh_token"])
dead = post("token_endpoint", grant_type="refresh_token", refresh_token=second["body"]["refresh_token"])
print(json.dumps([first, second, revoked, dead]))
