import { type Connection, isConnectionError } from "@codegrant/client";

/** The page at the redirect URI, the same whatever the application is written with. */
export async function showResult(connection: Connection, request: Request): Promise<Response> {
  try {
    const result = await connection.finish(request);
    if (result.status === "declined") return page("Not connected. You can connect at any time.");
    if (result.status === "other_user") return page(result.hint);
    // The account's own connection: keep its name in the visitor's session, and use it whenever you like.
    const answer = await result.connection.fetch("/helix/users");
    return page(
      `Connected as ${escapeHtml(result.who?.login ?? "somebody")}. The first request with the token: ${answer.status}.`,
    );
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    console.error(error.message);
    return page(error.hint, 400);
  }
}

/** What a visitor sees first. */
export function showStart(): Response {
  return page('<a href="/connect">Connect with Twitch</a>');
}

function page(text: string, status = 200): Response {
  const html = `<!doctype html><html lang="en"><title>Web application</title><p>${text}</p></html>`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    // The address holds the code, which is spent: it goes nowhere all the same.
    "referrer-policy": "no-referrer",
  };
  return new Response(html, { status, headers });
}

/** A name comes from the provider, and so from whoever chose it. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
