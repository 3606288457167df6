import { type ApplicationInput, createApplication, createUser } from "../../src/actions/index.ts";
import { InputError } from "../../src/actions/input-error.ts";
import { decideApproval } from "../../src/decide/approve.ts";
import type { Platform } from "../../src/platform.ts";
import type { Application, User } from "../../src/records.ts";
import { password } from "../platform.ts";

export const applicationInput = (override: Partial<ApplicationInput> = {}): ApplicationInput => ({
  name: "Photo printer",
  redirectUris: ["https://printer.example/callback"],
  type: "confidential",
  ...override,
});

/** A developer's application and the developer. */
export async function registeredApplication(platform: Platform, override: Partial<ApplicationInput> = {}) {
  return createApplication(platform, applicationInput(override));
}

export async function user(platform: Platform, login = "ada"): Promise<User> {
  return createUser(platform, { login, password, email: `${login}@post.example` });
}

/** The user presses Approve; returns the id of the grant. */
export async function approve(
  platform: Platform,
  someone: User,
  application: Application,
  scopes: readonly string[] = ["user_read"],
): Promise<number> {
  const redirectUri = application.redirectUris[0] ?? "";
  const outcome = await platform.store.approve(
    decideApproval({
      user: (await platform.store.findUser(someone.id)) ?? someone,
      application,
      consent: await platform.store.findConsent(someone.id, application.id),
      scopes,
      resources: [],
      redirectUri,
      registeredRedirectUri: redirectUri,
      codeChallenge: undefined,
      form: { queryHash: new Uint8Array(12), answeredBefore: 0 },
      keyId: 1,
      codeSecret: platform.random(12),
      codeLifetimeSeconds: 60,
      now: platform.now(),
    }),
  );
  if (outcome.outcome !== "approved") throw new Error("The approval was not applied.");
  return outcome.grantId;
}

/** The fields that an action found wrong. */
export async function refusedFields(action: Promise<unknown>): Promise<readonly string[]> {
  return (await refusal(action)).problems.map(({ field }) => field);
}

export async function refusal(action: Promise<unknown>): Promise<InputError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("Nothing was refused.");
}
