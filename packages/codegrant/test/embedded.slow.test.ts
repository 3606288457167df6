import path from "node:path";
import {
  cleanOnce,
  createApplication,
  createUser,
  disconnect,
  type EndedGrant,
  endGrant,
  type LogEntry,
} from "@codegrant/server";
import { startServer } from "codegrant";
import { describe, expect, it } from "vitest";
import { run, temporaryFolder } from "./command.ts";
import { createUserAgent } from "./user-agent.ts";

const user = { login: "ninja", password: "correct horse battery" };

/** A server that notes what it is told, and can begin again on the same file. */
async function startTold(db = path.join(temporaryFolder(), "platform.db")) {
  const told: string[] = [];
  const lines: LogEntry[] = [];
  const server = await startServer({
    db,
    port: 0,
    dialect: "twitch",
    onGrantEnded: ({ grantId, why }: EndedGrant) => void told.push(`${grantId} ${why}`),
    log: (entry) => lines.push(entry),
    warn: () => undefined,
  });
  const logged = (): unknown[] => lines.flatMap(({ event, grantId }) => (event === "grant.ended" ? [grantId] : []));
  return { db, server, platform: server.platform, told, logged };
}

/** Ninja approves an application so many times. */
async function approve({ server: { url }, platform }: Awaited<ReturnType<typeof startTold>>, times: number) {
  const { id: userId } = await createUser(platform, user);
  const redirectUri = "http://localhost/";
  const { application } = await createApplication(platform, {
    name: "Photo printer",
    type: "confidential",
    redirectUris: [redirectUri],
  });
  const query = { response_type: "code", client_id: application.clientId, redirect_uri: redirectUri, scope: "" };
  const agent = createUserAgent();
  for (let i = 0; i < times; i++)
    await agent.walk(`${url}/oauth2/authorize?${new URLSearchParams(query)}`, { ...user, decision: "approve" });
  return { userId, application };
}

describe("a server that a program runs itself", () => {
  it("tells it of every grant that ended, once, with a log line each", async () => {
    const on = await startTold();
    const { platform, told, logged } = on;
    const { userId, application } = await approve(on, 3);
    await endGrant(platform, 1);
    await disconnect(platform, userId, application.id);
    for (const _ of ["first", "second"]) await cleanOnce(platform);
    expect(told).toEqual(["1 operator", "2 disconnect", "3 disconnect"]);
    expect(logged()).toEqual([1, 2, 3]);
    await on.server.close();
  });

  it("tells of what commands ended beside it, and of what they ended while it was down", async () => {
    const on = await startTold();
    await approve(on, 4);
    const command = async (...args: readonly string[]): Promise<void> => {
      const { code, stderr } = await run([...args, "--db", on.db]);
      expect([code, stderr]).toEqual([0, expect.anything()]);
    };
    await command("grants", "end", "1");
    for (const _ of ["first", "second"]) await cleanOnce(on.platform);
    expect([on.told, on.logged()]).toEqual([["1 operator"], [1]]);
    await on.server.close();

    await command("grants", "end", "2");
    await command("user", "disable", user.login);
    const again = await startTold(on.db);
    for (const _ of ["first", "second"]) await cleanOnce(again.platform);
    expect([again.told, again.logged()]).toEqual([
      ["2 operator", "3 user", "4 user"],
      [2, 3, 4],
    ]);
    await again.server.close();
  });
});
