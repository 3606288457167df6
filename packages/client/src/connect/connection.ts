import type { ConnectionError } from "../advice.ts";
import type { Actor } from "../advice-rows.ts";
import type { RevokedAll } from "../calls/revoke-all.ts";
import type { Identity } from "../identity.ts";
import type { ClientCredentials, Provider } from "../provider.ts";
import type { Random } from "../random.ts";
import type { Secret } from "../secret.ts";
import type { ClientStore } from "../store/client-store.ts";
import type { CheckSignature, Fetch } from "../transport.ts";
import type { Clock } from "./clock.ts";
import type { Machine } from "./machine.ts";

export interface ConnectOptions extends ClientCredentials {
  readonly scopes: readonly string[];
  /** In memory by default, which forgets. */
  readonly store?: ClientStore | undefined;
  /** Byte for byte as registered. At a terminal the provider's usual one by default; a web application gives its own. */
  readonly redirectUri?: string | undefined;
  /** Which account's tokens; `default` by default. More of them by `account(name)`. */
  readonly account?: string | undefined;
  /** Parameters this provider knows beside the standard's, sent with every authorization request. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  /** Told of each change of state, once. Must not throw. */
  readonly onEvent?: ((event: ConnectionEvent) => void) | undefined;
  /** The address or command that mends `needs_login`; told with it. */
  readonly loginAt?: string | ((account: string) => string) | undefined;
  /** Where `fetch` may send the token beside the provider's own API. */
  readonly apiOrigins?: readonly string[] | undefined;
  readonly fetch?: Fetch | undefined;
  /** Checks the signature of ID tokens too; `@codegrant/client/jose` has one. */
  readonly checkSignature?: CheckSignature | undefined;
  /** For each request to the provider; 10 by default, at most 20. */
  readonly timeoutSeconds?: number | undefined;
  /** Between two refreshes because an API refuses the token; 10 by default. */
  readonly minimumIntervalSeconds?: number | undefined;
  /** Logins that `start` began in this process and nobody has finished; beyond it the oldest is forgotten. 10,000 by default. */
  readonly maximumPendingLogins?: number | undefined;
  /** A terminal, its browser and its processes; `@codegrant/client/node` brings it. */
  readonly machine?: Machine | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
}

/** One account at one provider: get a token, keep it fresh, use it. */
export interface Connection {
  readonly provider: Provider;
  readonly clientId: string;
  readonly accountName: string;
  /** The same provider and client, another account: a name of your choice, or the user's id. */
  account(name: string): Connection;
  /**
   * Has the person approve, unless this account already is connected with these scopes. However many processes call
   * it at once, one login runs and all get its result. Saying no is a result. Throws a `ConnectionError`.
   */
  login(options?: LoginOptions): Promise<LoginResult>;
  /**
   * A request on the user's behalf: right headers, fresh token, one retry on 401. A redirect within the origin is
   * followed with the token, one that leaves it without; `redirect` is as in `fetch` itself.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** A token that is good now, for anything that connects or reconnects. `reveal()` gives its text. */
  accessToken(options?: AccessTokenOptions): Promise<Secret>;
  /** Refreshes now, also where the keeper would not try by itself (`ambiguous`). Throws a `ConnectionError`. */
  refresh(): Promise<ConnectionStatus>;
  status(): Promise<ConnectionStatus>;
  /** Every account of this provider and client, by name, at most 1,000 from `after` on. */
  accounts(page?: { readonly after?: string | undefined }): Promise<ConnectionStatus[]>;
  /** Revokes, then forgets, and says whether both worked. */
  logout(): Promise<LogoutResult>;
  /** Refreshes and validates in time by itself until the returned function is called, or forever. Never throws. */
  keep(): () => void;
  /** A web application's "Connect": the redirect to the provider, with the cookie that binds it to this browser. */
  start(request: Request, options?: StartOptions): Promise<Response>;
  /** The provider's answer, at the redirect URI. The same callback again gets the same result. */
  finish(request: Request): Promise<FinishedConnection>;
}

export interface AccessTokenOptions {
  /** The token lives at least this long, half of its whole life at most; a refresh is made if not. */
  readonly minimumSeconds?: number | undefined;
  /** A token that the API has refused (401): this one is not handed out again. */
  readonly refused?: Secret | string | undefined;
}

export type ConnectionState = "active" | "expiring" | "provider_down" | "ambiguous" | "needs_login" | "client_broken";

export interface ConnectionStatus {
  readonly provider: string;
  readonly account: string;
  readonly state: ConnectionState;
  readonly who?: Identity | undefined;
  readonly scopes: readonly string[];
  /** Of the access token, epoch seconds; absent where the provider does not say. */
  readonly expiresAt?: number | undefined;
  /** Whether the access token is still good, whatever the state. */
  readonly isUsable: boolean;
  readonly hasRefreshToken: boolean;
  readonly cause?: StateCause | undefined;
  /** Where the tokens lie. */
  readonly storedIn: string;
  /** The record is there and cannot be read (its key was replaced); `login` overwrites it. */
  readonly isUnreadable?: boolean | undefined;
}

/** Why a connection is in its state, and what mends it. */
export interface StateCause {
  readonly code: string;
  readonly actor: Actor;
  readonly message: string;
  readonly hint: string;
  /** The address or command to log in with (`loginAt`). */
  readonly loginAt?: string | undefined;
  /** Epoch seconds. */
  readonly retryAt?: number | undefined;
}

/** One per change of state, never one per attempt. For `client_broken` one per client, without an account. */
export interface ConnectionEvent {
  readonly provider: string;
  readonly account?: string | undefined;
  readonly from: ConnectionState;
  readonly to: ConnectionState;
  /** Epoch seconds. */
  readonly at: number;
  readonly cause?: StateCause | undefined;
}

export interface LoginOptions {
  /** The login or id of the one who must approve; another is refused and nothing is kept. */
  readonly expect?: string | undefined;
  /** `device` is chosen by itself where the provider's code grant needs a secret and there is none. */
  readonly method?: "browser" | "device" | undefined;
  /** Log in though the account is connected. */
  readonly again?: boolean | undefined;
  /** Show the consent page again, so that another user can be chosen; by default where one is expected. */
  readonly forceConsent?: boolean | undefined;
  /** For the person; 300 by default, at most 3,600. */
  readonly timeoutSeconds?: number | undefined;
  /** Told what to show the person. */
  readonly onPrompt?: ((prompt: LoginPrompt) => void) | undefined;
  /** Lines a person pastes: the address the browser ended at. */
  readonly pasted?: AsyncIterable<string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type LoginPrompt =
  /** Before the browser opens: what must be registered at the provider, exactly. */
  | { readonly kind: "redirect_uri"; readonly redirectUri: string }
  | { readonly kind: "open"; readonly url: string; readonly isOpened: boolean; readonly redirectUri: string }
  | { readonly kind: "device"; readonly url: string; readonly userCode: string; readonly expiresAt: number }
  /** Nothing came within a minute: the likely causes. */
  | { readonly kind: "nothing_yet"; readonly causes: readonly string[] }
  /** Something came that is no answer to this login; it goes on. */
  | { readonly kind: "stray"; readonly error: ConnectionError }
  | { readonly kind: "other_process" };

export type LoginResult =
  | {
      readonly status: "approved";
      readonly account: string;
      readonly who?: Identity;
      readonly scopes: readonly string[];
    }
  | { readonly status: "declined"; readonly error: ConnectionError }
  /** Another than expected, or than the one whose tokens these are. Nothing was kept. */
  | { readonly status: "other_user"; readonly expected: string; readonly who: Identity; readonly hint: string }
  | { readonly status: "timed_out"; readonly hint: string }
  | { readonly status: "cancelled" };

export interface LogoutResult {
  /**
   * `failed`: the provider could not be asked, see `error`; `not_offered`: it has nowhere to ask; `unreadable`: what was
   * kept could not be read (its key was replaced), so its tokens may live on at the provider.
   */
  readonly revoked: RevokedAll["revoked"] | "unreadable";
  readonly forgotten: boolean;
  readonly error?: ConnectionError | undefined;
}

export interface StartOptions {
  /** The account to connect; by default the id of whoever approves. */
  readonly account?: string | undefined;
  readonly expect?: string | undefined;
  readonly forceConsent?: boolean | undefined;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

export type FinishedConnection =
  | {
      readonly status: "approved";
      readonly account: string;
      readonly who?: Identity;
      readonly scopes: readonly string[];
      readonly connection: Connection;
    }
  | { readonly status: "declined"; readonly error: ConnectionError }
  | { readonly status: "other_user"; readonly expected: string; readonly who: Identity; readonly hint: string };
