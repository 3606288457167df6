import { type HowToFacts, portOf } from "./facts.ts";
import { quoteDouble } from "./quote.ts";

/** The same with nothing but Python's own library. */
export function pythonSnippet(facts: HowToFacts): string {
  const secret = facts.hasSecret ? `\n            "client_secret": os.environ["CLIENT_SECRET"],` : "";
  const issuerCheck = facts.issuerInAnswer ? ` or query.get("iss") != ${quoteDouble(facts.issuer)}` : "";
  return `import base64, hashlib, json, os, re, secrets
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import urlopen

CLIENT_ID = ${quoteDouble(facts.clientId)}
REDIRECT_URI = ${quoteDouble(facts.redirectUri)}


class Application(BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(parse_qsl(urlsplit(self.path).query))
        if "state" in query:
            self.take_answer(query)
        else:
            self.send_person()

    def send_person(self):
        # 1. Send the person there. State and verifier go into a cookie that only their browser has.
        state, code_verifier = secrets.token_hex(16), secrets.token_hex(32)
        digest = hashlib.sha256(code_verifier.encode()).digest()
        asked = urlencode({
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT_URI,
            "scope": ${quoteDouble(facts.scope)},
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        })
        self.send_response(303)
        self.send_header("Location", ${quoteDouble(`${facts.authorizeUrl}?`)} + asked)
        self.send_header("Set-Cookie", f"attempt={state}.{code_verifier}; HttpOnly; SameSite=Lax; Path=/")
        self.end_headers()

    def take_answer(self, query):
        # 2. Check that the answer belongs to this browser, and whether it is a yes.
        attempt = re.search(r"attempt=(\\w+)\\.(\\w+)", self.headers.get("Cookie", ""))
        if attempt is None or not secrets.compare_digest(query["state"].encode(), attempt[1].encode())${issuerCheck}:
            return self.say(400, "This answer does not belong to this browser. Start again.")
        if query.get("error") == "access_denied":
            return self.say(200, "You said no, and that is fine.")
        if "error" in query:
            return self.say(200, "It did not work: " + query.get("error_description", query["error"]))
        # 3. Exchange the code, within a minute.
        form = urlencode({
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,${secret}
            "code": query.get("code", ""),
            "code_verifier": attempt[2],
            "redirect_uri": REDIRECT_URI,
        })
        try:
            with urlopen(${quoteDouble(facts.tokenUrl)}, form.encode()) as answer:
                tokens = json.load(answer)
        except HTTPError as error:
            return self.say(502, "No token: " + error.read().decode())
        # Keep tokens["access_token"] and tokens["refresh_token"] where only your application can read them.
        scope = tokens.get("scope", "")
        self.say(200, "Connected. You allowed: " + (scope if isinstance(scope, str) else " ".join(scope)))

    def say(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())


HTTPServer(("localhost", ${portOf(facts.redirectUri)}), Application).serve_forever()
`;
}
