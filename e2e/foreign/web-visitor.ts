import type { Connection, FinishedConnection } from "@codegrant/client";

/** Where the web applications of these tests are sent back to. */
export const webRedirectUri = "https://app.example/callback";

/** A visitor of a web application: presses "Connect", is answered by a server that asks nobody, and comes back. */
export async function connectOnTheWeb(
  connection: Connection,
  change: (authorizeUrl: URL) => void = () => undefined,
): Promise<FinishedConnection> {
  const { headers } = await connection.start(new Request("https://app.example/connect"));
  const [cookie = ""] = headers.getSetCookie()[0]?.split(";", 1) ?? [];
  const url = new URL(headers.get("location") ?? "");
  change(url);
  const answer = await fetch(url, { redirect: "manual" });
  const callback = answer.headers.get("location");
  if (callback === null) throw new Error(`${answer.status} in place of a redirect: ${await answer.text()}`);
  return await connection.finish(new Request(callback, { headers: { cookie } }));
}

/** The connection of somebody who approved. */
export async function approvedOnTheWeb(connection: Connection): Promise<Connection> {
  const result = await connectOnTheWeb(connection);
  if (result.status !== "approved") throw new Error(`The login ended as ${result.status}`);
  return result.connection;
}
