import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import path from "node:path";
import { codegrantProvider } from "@codegrant/client";
import { createApplication, createUser } from "@codegrant/server";
import { type RunningServer, startServer } from "codegrant";
import { createSampleApplication, type Outcome, type SampleApplication } from "./application.ts";
import type { Narrator } from "./narrator.ts";

export interface Demo {
  readonly platformUrl: string;
  readonly applicationUrl: string;
  readonly user: { readonly login: string; readonly password: string };
  lastOutcome(): Outcome | undefined;
  close(): Promise<void>;
}

export interface DemoOptions {
  readonly folder: string;
  readonly narrator: Narrator;
  /** The scripted user tells of the user's steps; with a person, the platform's log is how we know of them. */
  readonly userIsPlayed: boolean;
}

/** The platform at `localhost` and the application at `127.0.0.1`, so that their cookies never mix, on free ports. */
export async function startDemo({ folder, narrator, userIsPlayed }: DemoOptions): Promise<Demo> {
  const user = { login: "demo", password: drawPassword() };
  const platform = await startServer({
    db: path.join(folder, "platform.db"),
    port: 0,
    dialect: "twitch",
    configuration: { name: platformName, passwordHelp: "It stands in the terminal that runs the demo." },
    signInHint: user,
    log: (entry) => narrator.hear(entry, { userIsPlayed }),
    warn: narrator.say,
  });
  await createUser(platform.platform, { ...user, displayName: "Demo user", email: "demo@example.com" });
  let lastOutcome: Outcome | undefined;
  const application = await startApplication(platform, narrator, (outcome) => {
    lastOutcome = outcome;
  });
  return {
    platformUrl: platform.url,
    applicationUrl: application.url,
    user,
    lastOutcome: () => lastOutcome,
    close: async () => {
      await application.close();
      await platform.close();
    },
  };
}

const platformName = "Demo Platform";

/** Registered before it listens, since its redirect URI names its port; should somebody take that port, once more. */
async function startApplication(
  { url, platform }: RunningServer,
  narrator: Narrator,
  onOutcome: (outcome: Outcome) => void,
): Promise<SampleApplication> {
  for (let tries = 1; ; tries++) {
    const port = await findFreePort();
    const { application, clientSecret = "" } = await createApplication(platform, {
      name: "Sample application",
      redirectUris: [`http://127.0.0.1:${port}/callback`],
      type: "confidential",
    });
    try {
      return await createSampleApplication({
        provider: codegrantProvider(url, "twitch", { title: platformName }),
        clientId: application.clientId,
        clientSecret,
        scopes: ["user_read"],
        apiUrl: `${url}/kraken/user`,
        port,
        onStep: narrator.draw,
        onOutcome,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || tries === maximumTries) throw error;
    }
  }
}

const maximumTries = 5;

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise<void>((resolve) => {
    probe.close(() => resolve());
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Easy to type; the account is new at each start and can be reached from this machine alone. */
function drawPassword(): string {
  const draw = (alphabet: string): string => alphabet.charAt(randomInt(alphabet.length));
  const syllables = Array.from({ length: 4 }, () => draw("bdfghkmnprstvz") + draw("aeiou"));
  return `${syllables.join("")}-${randomInt(10, 100)}`;
}
