import { type HowToFacts, portOf } from "./facts.ts";
import { importLine, quoteDouble } from "./quote.ts";

/** The same web application with nothing but Node. */
export function typescriptSnippet(facts: HowToFacts): string {
  const secret = facts.hasSecret ? `\n    client_secret: process.env["CLIENT_SECRET"] ?? "",` : "";
  const issuerCheck = facts.issuerInAnswer ? ` || query.get("iss") !== ${quoteDouble(facts.issuer)}` : "";
  return `${importLine("{ createHash, randomBytes }", "node:crypto")}
${importLine("{ createServer }", "node:http")}

const clientId = ${quoteDouble(facts.clientId)};
const redirectUri = ${quoteDouble(facts.redirectUri)};

createServer(async (request, response) => {
  const query = new URL(request.url ?? "/", redirectUri).searchParams;
  if (!query.has("state")) {
    // 1. Send the person there. State and verifier go into a cookie that only their browser has.
    const state = randomBytes(16).toString("hex");
    const codeVerifier = randomBytes(32).toString("hex");
    const asked = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: ${quoteDouble(facts.scope)},
      state,
      code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    response.writeHead(303, {
      Location: ${quoteDouble(`${facts.authorizeUrl}?`)} + asked,
      "Set-Cookie": \`attempt=\${state}.\${codeVerifier}; HttpOnly; SameSite=Lax; Path=/\`,
    });
    response.end();
    return;
  }
  // 2. Check that the answer belongs to this browser, and whether it is a yes.
  const [, state, codeVerifier = ""] = /attempt=(\\w+)\\.(\\w+)/.exec(request.headers.cookie ?? "") ?? [];
  if (state === undefined || query.get("state") !== state${issuerCheck}) {
    response.writeHead(400).end("This answer does not belong to this browser. Start again.");
    return;
  }
  if (query.has("error")) {
    const declined = query.get("error") === "access_denied";
    response.end(declined ? "You said no, and that is fine." : \`It did not work: \${query.get("error_description")}\`);
    return;
  }
  // 3. Exchange the code, within a minute.
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: clientId,${secret}
    code: query.get("code") ?? "",
    code_verifier: codeVerifier,
    redirect_uri: redirectUri,
  });
  const answer = await fetch(${quoteDouble(facts.tokenUrl)}, { method: "POST", body: form });
  const tokens = (await answer.json()) as { scope?: string | string[] };
  if (!answer.ok) {
    response.writeHead(502).end(\`No token: \${JSON.stringify(tokens)}\`);
    return;
  }
  // Keep tokens.access_token and tokens.refresh_token where only your application can read them.
  response.end(\`Connected. You allowed: \${[tokens.scope].flat().join(" ")}\`);
}).listen(${portOf(facts.redirectUri)});
`;
}
