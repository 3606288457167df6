import { type Dialect, kraken, rfc6749, twitch } from "@codegrant/protocol";
import type { ApplicationInput } from "@codegrant/server";
import { approve, authorizeUrl, codeOf, codeVerifier, exchange, pkce, signedIn } from "../flow.ts";
import {
  demoUser,
  type Registered,
  registered,
  type TestPlatform,
  type TestPlatformOptions,
  testPlatform,
} from "../platform.ts";
import { type Answer, send, type Visitor } from "../visitor.ts";

/** One set of addresses that speaks one dialect. */
export interface Surface {
  readonly name: string;
  readonly prefix: string;
  readonly dialect: Dialect;
}

export const onTwitch: Surface = { name: "Twitch", prefix: "/oauth2", dialect: twitch };
export const onKraken: Surface = { name: "Kraken", prefix: "/kraken/oauth2", dialect: kraken };
export const onRfc6749: Surface = { name: "RFC 6749", prefix: "/oauth", dialect: rfc6749 };
export const surfaces: readonly Surface[] = [onTwitch, onKraken, onRfc6749];

/** A platform with one application and one signed-in user. */
export interface Stage {
  readonly platform: TestPlatform;
  readonly app: Registered;
  readonly person: Visitor;
}

export async function stage(input: Partial<ApplicationInput> = {}, options: TestPlatformOptions = {}): Promise<Stage> {
  const platform = testPlatform(options);
  const app = await registered(platform, input);
  await demoUser(platform);
  return { platform, app, person: await signedIn(platform) };
}

type Changes = Readonly<Record<string, string | undefined>>;

/** An address with everything right, PKCE included, but what the test changes. */
export function addressOn(surface: Surface, app: Registered, changes: Changes = {}): string {
  return authorizeUrl(app, { ...pkce, ...changes }, `${surface.prefix}/authorize`);
}

export async function codeOn(surface: Surface, { app, person }: Stage, changes: Changes = {}): Promise<string> {
  return codeOf(await approve(person, addressOn(surface, app, changes)));
}

export function exchangeOn(
  surface: Surface,
  { platform, app }: Pick<Stage, "platform" | "app">,
  code: string,
  changes: Changes = {},
): Promise<Answer> {
  return exchange(platform, app, code, { code_verifier: codeVerifier, ...changes }, `${surface.prefix}/token`);
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export async function tokensOn(surface: Surface, on: Stage, changes: Changes = {}): Promise<Tokens> {
  return tokensOf(await exchangeOn(surface, on, await codeOn(surface, on, changes)));
}

export function tokensOf(answer: Answer): Tokens {
  const { access_token: access, refresh_token: refresh } = answer.json();
  if (typeof access !== "string" || typeof refresh !== "string") throw new Error(`no tokens in ${answer.body}`);
  return { access, refresh };
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** Posts fields as a form, some of them twice if need be. */
export function postPairs(
  platform: TestPlatform,
  path: string,
  pairs: Pairs,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return postText(platform, path, new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString(), headers);
}

/** Posts a body byte for byte as a form, unless a header says otherwise. */
export function postText(
  platform: TestPlatform,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return send(platform.server, path, { method: "POST", body, headers: { ...type, ...headers } });
}

/** Whether an access token is good, asked the way Twitch's applications ask. Only for the Twitch family. */
export async function isGood(platform: TestPlatform, access: string): Promise<boolean> {
  const answer = await send(platform.server, "/oauth2/validate", { headers: { authorization: `OAuth ${access}` } });
  return answer.status === 200;
}
