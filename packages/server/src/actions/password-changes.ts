import type { Platform } from "../platform.ts";
import type { Session, User } from "../records.ts";
import { createSecret, hashSecret } from "../secrets.ts";
import type { PasswordChange } from "../store.ts";
import { InputError, refuseProblems } from "./input-error.ts";
import { checkNewPassword } from "./new-password.ts";
import { recordEvent } from "./record-event.ts";
import { findUser } from "./users.ts";

/** Sets a user's password for them. Every session ends and every application must be approved again. */
export async function setPassword(platform: Platform, login: string, password: string): Promise<User> {
  refuseProblems([checkNewPassword("password", password)]);
  const user = await requireUser(platform, login);
  await applyChange(platform, user.id, await makeChange(platform, password));
  return user;
}

/** How long a link is good. */
export const resetLinkLifetimeSeconds = 3_600;

export interface ResetLinkToShow {
  /** Whoever has it can set the password: give it to nobody but the user. */
  readonly url: string;
  readonly expiresAt: number;
}

/** Makes a link with which the user sets a password, good once, for an hour. An earlier link of theirs dies. */
export async function createResetLink(platform: Platform, login: string): Promise<ResetLinkToShow> {
  const user = await requireUser(platform, login);
  const secret = createSecret(platform);
  const expiresAt = platform.now() + resetLinkLifetimeSeconds;
  await platform.store.createResetLink({ secretHash: hashSecret(secret), userId: user.id, expiresAt });
  await recordEvent(platform, { event: "password.linkCreated", userId: user.id });
  return { url: `${platform.settings.issuer}/account/password?link=${secret}`, expiresAt };
}

/** Whose password a link would set, without spending it; undefined when it is dead or was never made. */
export async function findResetLink(platform: Platform, link: string): Promise<User | undefined> {
  return platform.store.findResetLink(hashSecret(link), platform.now());
}

/**
 * Spends a link and sets the password, or does neither: a password that cannot be taken is an `InputError`
 * and leaves the link as it was. Undefined when the link is dead; of concurrent calls one wins.
 * Every session ends and every application must be approved again.
 */
export async function redeemResetLink(platform: Platform, link: string, password: string): Promise<User | undefined> {
  refuseProblems([checkNewPassword("password", password)]);
  // Before the hash: a stranger without a link must not make us work.
  const user = await findResetLink(platform, link);
  if (user === undefined) return undefined;
  const outcome = await platform.store.redeemResetLink(hashSecret(link), await makeChange(platform, password));
  if (outcome === "unknown") return undefined;
  await recordEvent(platform, { event: "password.changed", userId: user.id, detail: "by link" });
  return user;
}

export interface OwnPasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  /** Let applications keep their access; for a change of habit rather than after a leak. */
  readonly keepGrants?: boolean;
  /** Takes the place of the session that makes the change; all others end. */
  readonly newSession: Session;
}

/** Changes the password of someone who is signed in and knows the current one. A wrong one is an `InputError`. */
export async function changeOwnPassword(platform: Platform, user: User, change: OwnPasswordChange): Promise<void> {
  refuseProblems([checkNewPassword("newPassword", change.newPassword)]);
  if (!(await platform.passwords.verify(change.currentPassword, user.passwordHash))) {
    throw new InputError([{ field: "currentPassword", problem: "That is not your current password." }]);
  }
  const { keepGrants = false, newSession } = change;
  const made = await makeChange(platform, change.newPassword);
  await applyChange(platform, user.id, { ...made, endGrants: !keepGrants, newSession });
}

async function requireUser(platform: Platform, login: string): Promise<User> {
  const user = await findUser(platform, login);
  if (user === undefined) throw unknownUser();
  return user;
}

function unknownUser(): InputError {
  return new InputError([{ field: "login", problem: "There is no user with this login." }]);
}

async function makeChange(platform: Platform, password: string): Promise<PasswordChange> {
  return { passwordHash: await platform.passwords.hash(password), at: platform.now(), endGrants: true };
}

async function applyChange(platform: Platform, userId: string, change: PasswordChange): Promise<void> {
  const outcome = await platform.store.changePassword(userId, change);
  if (outcome === "unknown") throw unknownUser();
  await recordEvent(platform, { event: "password.changed", userId });
}
