import path from "node:path";
import { createFileStore } from "@codegrant/client/node";
import { CommandError } from "../command-error.ts";
import type { KeptProvider } from "./target.ts";

/** What a login was made with, so that every later command needs the name alone. */
export interface KeptApplication {
  /** As `formatTarget` writes it. */
  readonly target: string;
  readonly provider: KeptProvider;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly scopes: readonly string[];
  readonly redirectUri?: string | undefined;
}

export interface ApplicationStore {
  /** Those of one target, or all. */
  list(target?: string): Promise<readonly KeptApplication[]>;
  save(application: KeptApplication): Promise<void>;
  remove(application: KeptApplication): Promise<void>;
}

/** One file for each, its owner's alone like those of the tokens: a client secret is in it. */
export function createApplicationStore(stateFolder: string): ApplicationStore {
  const store = createFileStore({ folder: path.join(stateFolder, "applications") });
  const keyOf = ({ target, clientId }: KeptApplication) => ({ ...owner, name: JSON.stringify([target, clientId]) });
  return {
    async list(target) {
      const found = await store.list(owner, { limit: maximumApplications });
      const all = found.flatMap(({ value }) => (value === undefined ? [] : [JSON.parse(value) as KeptApplication]));
      return target === undefined ? all : all.filter((application) => application.target === target);
    },
    async save(application) {
      const key = keyOf(application);
      for (let tries = 0; tries < maximumTries; tries++) {
        const ifVersion = (await store.find(key))?.version;
        if ((await store.save(key, JSON.stringify(application), { ifVersion })).status === "saved") return;
      }
      throw new CommandError("Other commands keep changing this application. Try again when they are through.");
    },
    async remove(application) {
      const key = keyOf(application);
      const found = await store.find(key);
      if (found !== undefined) await store.remove(key, found.version);
    },
  };
}

const owner = { kind: "connection", provider: "codegrant", server: "applications", clientId: "" } as const;
const maximumApplications = 1_000;
const maximumTries = 20;
