import type { Platform } from "../platform.ts";
import type { User } from "../records.ts";
import { deleteApplication } from "./application-changes.ts";
import { listOwnApplications } from "./applications.ts";
import { InputError } from "./input-error.ts";
import { recordEvent } from "./record-event.ts";
import { findUser } from "./users.ts";

/** Signs a user out everywhere, ends all that applications may do for them, and lets them sign in no more. */
export async function disableUser(platform: Platform, login: string): Promise<User> {
  const user = await requireUser(platform, login);
  if ((await platform.store.disableUser(user.id, platform.now())) === "unknown") throw unknownUser();
  await recordEvent(platform, { event: "user.disabled", userId: user.id });
  return { ...user, disabled: true };
}

/** Lets a disabled user sign in again. What was ended stays ended. */
export async function enableUser(platform: Platform, login: string): Promise<User> {
  const user = await requireUser(platform, login);
  if ((await platform.store.enableUser(user.id)) === "unknown") throw unknownUser();
  await recordEvent(platform, { event: "user.enabled", userId: user.id });
  return { ...user, disabled: false };
}

export interface DeletedUser {
  readonly user: User;
  readonly applications: number;
}

/**
 * Removes a user for good. Applications of theirs would be nobody's, and pages would say that the platform made them:
 * they are deleted too if that is asked for, otherwise the user stays, with an `InputError`.
 */
export async function deleteUser(
  platform: Platform,
  login: string,
  { withApplications }: { readonly withApplications: boolean },
): Promise<DeletedUser> {
  const user = await requireUser(platform, login);
  const own = await listOwnApplications(platform, user.id);
  if (own.length > 0 && !withApplications) throw ownsApplications(own.length);
  let applications = 0;
  // Listed again until there are none: one may have been registered meanwhile.
  for (let left = own; left.length > 0; left = await listOwnApplications(platform, user.id)) {
    for (const { id } of left) await deleteApplication(platform, id);
    applications += left.length;
  }
  if ((await platform.store.deleteUser(user.id, platform.now())) === "unknown") throw unknownUser();
  await recordEvent(platform, { event: "user.deleted", userId: user.id });
  return { user, applications };
}

async function requireUser(platform: Platform, login: string): Promise<User> {
  const user = await findUser(platform, login);
  if (user === undefined) throw unknownUser();
  return user;
}

function unknownUser(): InputError {
  return new InputError([{ field: "login", problem: "There is no user with this login." }]);
}

function ownsApplications(count: number): InputError {
  const what = count === 1 ? "one application" : `${count} applications`;
  const problem = `This user owns ${what}. Delete them too, or give them to nobody by deleting them one by one first.`;
  return new InputError([{ field: "applications", problem }]);
}
