import { FlowError } from "@codegrant/protocol";
import { isConnectionError } from "../advice.ts";
import { identify } from "../calls/identify.ts";
import { type RevokedAll, revokeAll } from "../calls/revoke-all.ts";
import type { Identity } from "../identity.ts";
import type { ConnectionRecord } from "../keeper/connection-record.ts";
import type { Keeper } from "../keeper/keeper.ts";
import type { KeeperParts } from "../keeper/keeper-parts.ts";
import { advised } from "../keeper/state.ts";
import { drawToken } from "../random.ts";
import { revealTokens, type Tokens } from "../tokens.ts";

/** Tokens that a login brought, and whose they are. */
interface Arrival {
  readonly tokens: Tokens;
  readonly who: Identity | undefined;
}

export type SavedLogin =
  | {
      readonly status: "approved";
      readonly account: string;
      readonly who?: Identity;
      readonly scopes: readonly string[];
    }
  | { readonly status: "other_user"; readonly expected: string; readonly who: Identity; readonly hint: string };

interface LoginTarget {
  readonly account: string;
  readonly expect: string | undefined;
  readonly requestedScopes: readonly string[];
  /** Of the login's lease, where it has one. */
  readonly owner?: string | undefined;
}

/**
 * Keeps what a login brought. If that fails nobody has the tokens, so they are revoked where that can be done, and the
 * error says so; not where the account was connected before, since some providers end every token of a user at once.
 */
export async function keepLogin(
  parts: KeeperParts,
  keeper: Keeper,
  tokens: Tokens,
  { wasConnected, targetOf }: KeepOptions,
): Promise<SavedLogin> {
  let who: Identity | undefined;
  try {
    const arrival = await greet(parts, tokens);
    ({ who } = arrival);
    return await saveLogin(parts, keeper, arrival, await targetOf(who));
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    const end = (await wasConnected(who)) ? goesOn : sentenceOf(await revokeAll(parts, tokens), parts.provider.title);
    // The code is spent: the same again would bring nothing.
    throw Object.assign(error, { retryable: false, hint: `${error.hint} Then log in again. ${end}` });
  }
}

const goesOn = "Nothing was revoked, so a connection from before goes on.";

interface KeepOptions {
  /** The account has tokens already, or may have some. Asked only if the new ones cannot be kept. */
  readonly wasConnected: (who: Identity | undefined) => boolean | Promise<boolean>;
  /** Asked right before the save. */
  readonly targetOf: (who: Identity | undefined) => LoginTarget | Promise<LoginTarget>;
}

function sentenceOf({ revoked }: RevokedAll, title: string): string {
  if (revoked === "revoked" || revoked === "unknown") return "What the user approved was revoked.";
  return `What the user approved could not be revoked: they can disconnect the application at ${title}.`;
}

/** Asks who approved, three times at most: the code is spent, so giving up costs a whole login. */
async function greet(parts: KeeperParts, tokens: Tokens): Promise<Arrival> {
  for (let tries = 1; ; tries++) {
    try {
      return { tokens, who: await identify(parts.provider, parts.client, tokens, parts.call) };
    } catch (error) {
      if (tries >= 3 || !isConnectionError(error) || !error.retryable) throw error;
      await parts.clock.wait(tries);
    }
  }
}

/**
 * Keeps the tokens of a login under a new grant, so that a refresh of the one before is overtaken. Another user's are
 * refused where this account is somebody's, or somebody was expected, and nothing is written. They are not revoked
 * either: at some providers that would end the other user's own connection to the same client.
 */
async function saveLogin(
  parts: KeeperParts,
  keeper: Keeper,
  { tokens, who }: Arrival,
  target: LoginTarget,
): Promise<SavedLogin> {
  const { provider, store } = parts;
  if (target.expect !== undefined && !isExpected(who, target.expect)) return otherUser(target.expect, who);
  for (let tries = 0; tries < maximumTries; tries++) {
    const found = await store.find(target.account);
    const owner = ownerOf(found?.record);
    if (owner?.id !== undefined && owner.id !== who?.id) return otherUser(owner.login ?? owner.id, who);
    const record = newRecord(parts, { tokens, who }, target, found?.record);
    const result = await store.save(target.account, record, found?.version);
    if (result.status === "changed") continue;
    keeper.observe(keeper.account(target.account), record);
    return { status: "approved", account: target.account, ...(who && { who }), scopes: tokens.scopes };
  }
  throw advised(new FlowError("ERR_STORE_UNAVAILABLE", "The store changes too fast to save a login in it."), provider);
}

const maximumTries = 100;

/** Whose tokens the account holds: they are never overwritten by another's. */
function ownerOf(record: ConnectionRecord | undefined): Identity | undefined {
  return record?.tokens === undefined ? undefined : record.who;
}

export function isExpected(who: Identity | undefined, expected: string): boolean {
  return who !== undefined && (who.id === expected || who.login?.toLowerCase() === expected.toLowerCase());
}

function otherUser(expected: string, who: Identity = {}): SavedLogin {
  const came = who.login ?? who.id ?? "somebody whom the provider does not name";
  const hint = `${came} approved, but ${expected} was to. Nothing was kept. Log out in the browser, or log in there as ${expected}, and try again; for another user choose another account name.`;
  return { status: "other_user", expected, who, hint };
}

/** The circuit and every trouble of the login before are over; a refresh lease of it holds nothing any more. */
function newRecord(
  { random }: KeeperParts,
  { tokens, who }: Arrival,
  { requestedScopes, owner }: LoginTarget,
  before: ConnectionRecord | undefined,
): ConnectionRecord {
  const isOwn = owner !== undefined && before?.loginLease?.owner === owner;
  return {
    grantId: drawToken(random),
    generation: 0,
    tokens: revealTokens(tokens),
    requestedScopes,
    who,
    // It tells of the provider, whoever logs in.
    ...(before?.hasRotated === true && { hasRotated: true }),
    loginLease: isOwn ? undefined : before?.loginLease,
    ...(owner === undefined ? {} : { loginEnd: { owner, status: "approved" } }),
  };
}
