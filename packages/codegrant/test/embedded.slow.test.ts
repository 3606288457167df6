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
import { temporaryFolder } from "./command.ts";
import { createUserAgent } from "./user-agent.ts";

describe("a server that a program runs itself", () => {
  it("tells it of every grant that ended, once, with a log line each", async () => {
    const told: EndedGrant[] = [];
    const lines: LogEntry[] = [];
    const server = await startServer({
      db: path.join(temporaryFolder(), "platform.db"),
      port: 0,
      dialect: "twitch",
      onGrantEnded: (ended) => void told.push(ended),
      log: (entry) => lines.push(entry),
      warn: () => undefined,
    });
    const { platform } = server;
    const user = { login: "ninja", password: "correct horse battery" };
    const { id: userId } = await createUser(platform, user);
    const { application } = await createApplication(platform, {
      name: "Photo printer",
      type: "confidential",
      redirectUris: ["http://localhost/"],
    });
    const query = {
      response_type: "code",
      client_id: application.clientId,
      redirect_uri: "http://localhost/",
      scope: "",
    };
    const address = `${server.url}/oauth2/authorize?${new URLSearchParams(query).toString()}`;
    const agent = createUserAgent();
    for (let i = 0; i < 3; i++) await agent.walk(address, { ...user, decision: "approve" });

    await endGrant(platform, 1);
    await disconnect(platform, userId, application.id);
    await cleanOnce(platform);
    await cleanOnce(platform);
    expect(told.map(({ grantId, why }) => [grantId, why])).toEqual([
      [1, "operator"],
      [2, "disconnect"],
      [3, "disconnect"],
    ]);
    expect(lines.filter(({ event }) => event === "grant.ended").map(({ grantId }) => grantId)).toEqual([1, 2, 3]);
    await server.close();
  });
});
