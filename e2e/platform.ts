import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  type Application,
  type ApplicationInput,
  createApplication,
  createUser,
  type LogEntry,
  type Platform,
} from "@codegrant/server";
import { type Configuration, startServer } from "codegrant";

/** The whole server as `codegrant serve` runs it, at `http://localhost:PORT`, on a database of its own. */
export interface RunningPlatform {
  readonly url: string;
  readonly platform: Platform;
  /** The log entries of one event, oldest first. */
  logged(event: string, clientId: string): readonly LogEntry[];
  close(): Promise<void>;
}

export async function startPlatform(more: Configuration = {}): Promise<RunningPlatform> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "codegrant-e2e-"));
  const entries: LogEntry[] = [];
  const server = await startServer({
    db: path.join(folder, "platform.db"),
    port: 0,
    dialect: "twitch",
    configuration: { name: "Kestrel", passwordHelp: "Ask at the front desk.", ...more },
    log: (entry) => entries.push(entry),
    warn: () => undefined,
  });
  return {
    url: server.url,
    platform: server.platform,
    logged: (event, clientId) => entries.filter((entry) => entry.event === event && entry.clientId === clientId),
    close: async () => {
      await server.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Person {
  readonly login: string;
  readonly password: string;
  readonly displayName: string;
}

/** Nobody shares an account: tests run side by side on one server. */
export async function newPerson({ platform }: RunningPlatform, displayName = "Ada Lovelace"): Promise<Person> {
  const person = { login: uniqueName("ada"), password: "correct horse battery", displayName };
  await createUser(platform, person);
  return person;
}

export interface Registered {
  readonly application: Application;
  readonly clientId: string;
  readonly clientSecret: string;
}

export async function register(
  { platform }: RunningPlatform,
  redirectUri: string,
  input: Partial<ApplicationInput> = {},
): Promise<Registered> {
  const { application, clientSecret = "" } = await createApplication(platform, {
    name: "Photo printer",
    redirectUris: [redirectUri],
    type: "confidential",
    ...input,
  });
  return { application, clientId: application.clientId, clientSecret };
}

/** The address an application sends its user to. */
export function authorizeUrl(
  { url }: RunningPlatform,
  { application, clientId }: Registered,
  more: Readonly<Record<string, string>> = {},
): string {
  const [redirectUri = ""] = application.redirectUris;
  const asked = { response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope: "user_read" };
  return `${url}/oauth2/authorize?${new URLSearchParams({ ...asked, state: uniqueName("state"), ...more })}`;
}

let named = 0;

export function uniqueName(prefix: string): string {
  named++;
  return `${prefix}${process.pid}x${named}`;
}
