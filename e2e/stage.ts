import { test as base, expect, type Page } from "@playwright/test";
import { type CallbackOptions, type CallbackServer, startCallback } from "./callback-server.ts";
import { observe } from "./observe.ts";
import { newPerson, type Person, type RunningPlatform, startPlatform } from "./platform.ts";
import { type RunningSample, startSample } from "./sample.ts";

export { expect, type Page } from "@playwright/test";

interface Stage {
  /** Somebody with an account, and nothing approved yet. */
  readonly person: Person;
  /** The application of examples/sample, running. */
  readonly sample: RunningSample;
  /** An application's redirect URI, or several. */
  readonly callbackAt: (options?: CallbackOptions) => Promise<CallbackServer>;
  readonly nothingStrays: void;
}

interface Platforms {
  /** One server per worker: tests share it as people share one, each with a person and an application of its own. */
  readonly platform: RunningPlatform;
  /** One that lets strangers make accounts. */
  readonly signUpPlatform: RunningPlatform;
}

/** Tests on a running platform. Every one of them fails if a page loads from elsewhere or violates its own policy. */
export const test = base.extend<Stage, Platforms>({
  platform: [
    async ({ browserName: _ }, use) => {
      const platform = await startPlatform();
      await use(platform);
      await platform.close();
    },
    { scope: "worker" },
  ],
  signUpPlatform: [
    async ({ browserName: _ }, use) => {
      const platform = await startPlatform({ signUp: { maximumUsers: 100 } });
      await use(platform);
      await platform.close();
    },
    { scope: "worker" },
  ],
  person: async ({ platform }, use) => use(await newPerson(platform)),
  sample: async ({ platform }, use) => {
    const sample = await startSample(platform);
    await use(sample);
    await sample.close();
  },
  callbackAt: async ({ platform: _ }, use) => {
    const started: CallbackServer[] = [];
    await use(async (options) => {
      const callback = await startCallback(options);
      started.push(callback);
      return callback;
    });
    for (const callback of started) await callback.close();
  },
  nothingStrays: [
    async ({ context }, use) => {
      const complaints = observe(context);
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export async function signIn(page: Page, { login, password }: Person): Promise<void> {
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export function approve(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Approve" }).click();
}
