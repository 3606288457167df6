import { type HowToFacts, portOf } from "./facts.ts";
import { importLine, quoteDouble } from "./quote.ts";

/** A web application with our own client: it checks the answer by itself. */
export function kitSnippet(facts: HowToFacts): string {
  const secret = facts.hasSecret ? `, clientSecret: process.env["CLIENT_SECRET"] ?? ""` : "";
  return `${importLine("{ createServer }", "node:http")}
${importLine("{ codegrantProvider, finishAuthorization, startAuthorization }", "@codegrant/client")}

const provider = codegrantProvider(${quoteDouble(facts.issuer)}, ${quoteDouble(facts.kitDialect)});
const client = { clientId: ${quoteDouble(facts.clientId)}${secret} };
const redirectUri = ${quoteDouble(facts.redirectUri)};

createServer(async (request, response) => {
  const here = new URL(request.url ?? "/", redirectUri);
  if (!here.searchParams.has("state")) {
    // 1. Send the person there. What must survive the way goes into a cookie that only their browser has.
    const scopes = [${quoteDouble(facts.scope)}];
    const { url, pending } = await startAuthorization(provider, { clientId: client.clientId, redirectUri, scopes });
    const kept = encodeURIComponent(JSON.stringify(pending));
    response.writeHead(303, { Location: url, "Set-Cookie": \`pending=\${kept}; HttpOnly; SameSite=Lax; Path=/\` }).end();
    return;
  }
  try {
    // 2. and 3. Check the answer, and exchange the code.
    const kept = /pending=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
    const pending = kept === undefined ? undefined : JSON.parse(decodeURIComponent(kept));
    const result = await finishAuthorization(provider, client, pending, here);
    if (result.status === "declined") {
      response.end("You said no, and that is fine.");
      return;
    }
    // Keep result.tokens where only your application can read it: see revealTokens.
    response.end(\`Connected. You allowed: \${result.tokens.scopes.join(" ")}\`);
  } catch (error) {
    response.writeHead(400).end(error instanceof Error ? error.message : "Something went wrong.");
  }
}).listen(${portOf(facts.redirectUri)});
`;
}
