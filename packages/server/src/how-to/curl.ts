import type { HowToFacts } from "./facts.ts";
import { quoteShell } from "./quote.ts";

/** The whole flow by hand: a person opens an address and pastes the one they came back to. */
export function curlSnippet(facts: HowToFacts): string {
  const secret = facts.hasSecret ? ` \\\n  -d client_secret="$CLIENT_SECRET"` : "";
  const validate =
    facts.validateUrl === undefined
      ? ""
      : `
# 4. Use the token: what it is good for.
access_token=$(printf %s "$tokens" | sed -n 's/.*"access_token":"\\([^"]*\\)".*/\\1/p')
curl -sS ${quoteShell(facts.validateUrl)} -H "Authorization: Bearer $access_token"
`;
  return `#!/bin/sh
client_id=${quoteShell(facts.clientId)}
redirect_uri=${quoteShell(facts.redirectUri)}

# 1. Open this address in a browser.
state=$(openssl rand -hex 16)
code_verifier=$(openssl rand -hex 32)
code_challenge=$(printf %s "$code_verifier" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
encode() { printf %s "$1" | od -An -v -tx1 | tr -d '\\n' | tr ' ' '%'; }
echo ${quoteShell(`${facts.authorizeUrl}?response_type=code&client_id=`)}"$client_id&redirect_uri=$(encode "$redirect_uri")&scope=$(encode ${quoteShell(facts.scope)})&state=$state&code_challenge=$code_challenge&code_challenge_method=S256"

# 2. Approve there, and paste the address you come back to.
read -r callback
case "$callback" in
  *"state=$state"*) ;;
  *) echo "This is not the answer to the address above. Start again."; exit 1 ;;
esac
case "$callback" in
  *[?\\&]error=*) echo "No approval: \${callback#*error=}"; exit 2 ;;
esac
code=$(printf %s "$callback" | sed -n 's/.*[?&]code=\\([^&#]*\\).*/\\1/p')

# 3. Exchange the code, within a minute.
tokens=$(curl -sS ${quoteShell(facts.tokenUrl)} \\
  -d grant_type=authorization_code \\
  -d client_id="$client_id"${secret} \\
  -d code="$code" \\
  -d code_verifier="$code_verifier" \\
  --data-urlencode redirect_uri="$redirect_uri")
echo "$tokens"
${validate}`;
}
