import type { Platform } from "../platform.ts";
import type { User } from "../records.ts";
import { InputError } from "./input-error.ts";
import { createUser } from "./users.ts";

/**
 * Makes an account for whoever asks, where the settings switch that on; otherwise, and once there are as many users as
 * they allow, it is an `InputError`. A stranger must be slowed down before this: it hashes a password.
 */
export async function signUp(
  platform: Platform,
  typed: { readonly login: string; readonly password: string },
): Promise<User> {
  const { signUp: limits } = platform.settings;
  if (limits === undefined) throw closed("Accounts are made by the people who run this platform; ask them for one.");
  if ((await platform.store.countAllUsers(limits.maximumUsers)) >= limits.maximumUsers)
    throw closed("There are as many accounts as there can be. Ask the people who run this platform.");
  return createUser(platform, typed);
}

function closed(problem: string): InputError {
  return new InputError([{ field: "form", problem }]);
}
