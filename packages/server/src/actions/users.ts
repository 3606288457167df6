import type { Platform } from "../platform.ts";
import type { User } from "../records.ts";
import type { Page } from "../store.ts";
import { findDisplayTextProblem } from "./display-text.ts";
import { InputError, problemOf, refuseProblems } from "./input-error.ts";
import { checkNewPassword } from "./new-password.ts";
import { recordEvent } from "./record-event.ts";

export interface UserInput {
  /** 2 to 32 of a–z, 0–9, `_` and `-`, starting with a letter or digit; capitals are taken as small letters. */
  readonly login: string;
  /** Absent: the user sets one by a reset link. */
  readonly password?: string;
  /** The login as it was typed, if absent. */
  readonly displayName?: string;
  readonly email?: string;
}

/** Adds a user. A taken login and every other bad value is an `InputError`. */
export async function createUser(platform: Platform, input: UserInput): Promise<User> {
  const typedLogin = input.login.trim();
  const login = typedLogin.toLowerCase();
  const displayName = (input.displayName ?? typedLogin).trim();
  refuseProblems([
    problemOf("login", findLoginProblem(login)),
    input.password === undefined ? undefined : checkNewPassword("password", input.password),
    input.displayName === undefined ? undefined : problemOf("displayName", findDisplayNameProblem(displayName)),
    input.email === undefined ? undefined : problemOf("email", findEmailProblem(input.email)),
  ]);
  const passwordHash = input.password === undefined ? undefined : await platform.passwords.hash(input.password);
  const user = await platform.store.createUser({
    login,
    displayName,
    createdAt: platform.now(),
    ...(input.email === undefined ? {} : { email: input.email }),
    ...(passwordHash === undefined ? {} : { passwordHash }),
  });
  if (user === "taken")
    throw new InputError([{ field: "login", problem: `The login "${login}" is taken; choose another.` }]);
  await recordEvent(platform, { event: "user.created", userId: user.id });
  return user;
}

/** The users by ascending id, at most 200 at a time. */
export async function listUsers(platform: Platform, page: Page = { limit: 200 }): Promise<readonly User[]> {
  return platform.store.listUsers(page);
}

/**
 * The user these belong to, or undefined; why it is undefined is told to nobody. An unknown login, a disabled
 * user and one without a password cost the same one hash as a wrong password.
 * When too many sign-ins wait it is an `OAuthError` with status 503.
 */
export async function signIn(
  platform: Platform,
  { login, password }: { readonly login: string; readonly password: string },
): Promise<User | undefined> {
  const user = await findUser(platform, login);
  const passwordHash = user?.disabled === true ? undefined : user?.passwordHash;
  const matches = await platform.passwords.verify(password, passwordHash);
  // Never what was typed as the login: people type passwords there.
  const about = user === undefined ? {} : { userId: user.id };
  platform.log({ level: "info", event: matches ? "user.signedIn" : "user.signInRefused", ...about });
  return matches ? user : undefined;
}

/** By what someone typed as their login; undefined if nobody can have it. */
export async function findUser(platform: Platform, typedLogin: string): Promise<User | undefined> {
  const login = typedLogin.trim().toLowerCase();
  return findLoginProblem(login) === undefined ? platform.store.findUserByLogin(login) : undefined;
}

const loginPattern = /^[a-z0-9][a-z0-9_-]{1,31}$/;

function findLoginProblem(login: string): string | undefined {
  if (loginPattern.test(login)) return undefined;
  return "A login has 2 to 32 characters out of a–z, 0–9, _ and -, and starts with a letter or digit.";
}

function findDisplayNameProblem(displayName: string): string | undefined {
  return findDisplayTextProblem(displayName, { subject: "The display name", minimum: 1, maximum: 100 });
}

/** Only what would break a mail header or a page: whether mail arrives there, sending it tells. */
const emailPattern = /^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,189}$/u;

function findEmailProblem(email: string): string | undefined {
  return emailPattern.test(email) ? undefined : "That is not an email address; it looks like name@host.example.";
}
