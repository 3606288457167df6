import path from "node:path";
import { createFileStore } from "@codegrant/client/node";
import { CommandError } from "../command-error.ts";
import type { KeptProvider } from "./target.ts";

/** What logins were made with, so that every later command needs the name alone. */
export interface KeptApplication {
  /** As `formatTarget` writes it. */
  readonly target: string;
  readonly provider: KeptProvider;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** By the account's name. */
  readonly logins: Readonly<Record<string, KeptLogin>>;
}

export interface KeptLogin {
  readonly scopes: readonly string[];
  readonly redirectUri?: string | undefined;
}

export interface ApplicationStore {
  /** Those of one target, or all. */
  list(target?: string): Promise<readonly KeptApplication[]>;
  /** Logins of other accounts that another command has saved meanwhile stay. */
  save(application: KeptApplication, account: string): Promise<void>;
  /** Only what is not kept yet. False: all of it was. */
  complete(application: KeptApplication, account: string): Promise<boolean>;
  /** Forgets the account's login, and with the last one the application. */
  remove(application: KeptApplication, account: string): Promise<void>;
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
    save: (application, account) =>
      change(application, (found) => ({
        ...application,
        logins: { ...found?.logins, ...pick(application.logins, account) },
      })),
    async complete(application, account) {
      let isNew = false;
      await change(application, (found) => {
        isNew = found?.logins[account] === undefined;
        return isNew
          ? { ...application, ...found, logins: { ...found?.logins, ...pick(application.logins, account) } }
          : found;
      });
      return isNew;
    },
    remove: (application, account) =>
      change(application, (found) => {
        const { [account]: _forgotten, ...logins } = found?.logins ?? {};
        return Object.keys(logins).length === 0 ? undefined : { ...application, ...found, logins };
      }),
  };

  async function change(application: KeptApplication, step: Step): Promise<void> {
    const key = keyOf(application);
    for (let tries = 0; tries < maximumTries; tries++) {
      const found = await store.find(key);
      const ifVersion = found?.version;
      const next = step(found?.value === undefined ? undefined : (JSON.parse(found.value) as KeptApplication));
      if (next !== undefined) {
        if (found?.value === JSON.stringify(next)) return;
        if ((await store.save(key, JSON.stringify(next), { ifVersion })).status === "saved") return;
      } else if (ifVersion === undefined || (await store.remove(key, ifVersion)) === "removed") return;
    }
    throw new CommandError("Other commands keep changing this application. Try again when they are through.");
  }
}

/** What is to be kept; `undefined`: nothing. */
type Step = (found: KeptApplication | undefined) => KeptApplication | undefined;

function pick(logins: KeptApplication["logins"], account: string): KeptApplication["logins"] {
  const login = logins[account];
  return login === undefined ? {} : { [account]: login };
}

const owner = { kind: "connection", provider: "codegrant", server: "applications", clientId: "" } as const;
const maximumApplications = 1_000;
const maximumTries = 20;
