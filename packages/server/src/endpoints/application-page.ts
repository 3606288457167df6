import { createHash } from "node:crypto";
import type { InputProblem } from "../actions/input-error.ts";
import { newestSecretOf, type OwnEdit } from "../actions/own-application.ts";
import { basePathOf, frameOf, pageMessage, withBrowserId } from "../browser.ts";
import { formatFormToken } from "../form.ts";
import type { Message } from "../message.ts";
import type { CountedOutcome } from "../outcomes.ts";
import {
  type ApplicationValues,
  type ApplicationView,
  applicationPage,
  type OutcomeKind,
  type OutcomeView,
} from "../pages/index.ts";
import type { Application } from "../records.ts";
import type { ConnectionsVisit } from "./connections-page.ts";

/** What the server's addresses make sense of. */
export interface Offers {
  /** Some dialect here wants PKCE of confidential applications. */
  readonly pkceSwitch: boolean;
  /** "Try it" leads to a dialect that wants PKCE of confidential applications. */
  readonly tryNeedsPkce: boolean;
}

export interface ApplicationVisit extends ConnectionsVisit {
  readonly application: Application;
  readonly offers: Offers;
}

export interface ApplicationOccasion {
  /** What the address says was done. */
  readonly told?: string | undefined;
  readonly problem?: "formExpired" | "keptForm" | "alreadyRotated" | "notConfirmed" | "operatorsOff";
  readonly refused?: { readonly edit: OwnEdit; readonly problems: readonly InputProblem[] };
}

const maximumCounted = 100_000;

export async function applicationMessage(visit: ApplicationVisit, occasion: ApplicationOccasion): Promise<Message> {
  const { platform, request, signedIn, application, offers } = visit;
  const { browser, setCookies } = withBrowserId(platform, visit.browser);
  const { login, displayName } = signedIn.user;
  const form = newestSecretOf(application);
  const now = platform.now();
  const users = await platform.store.countUsers(application.id, maximumCounted + 1);
  const { outcomes, since } = platform.outcomes.of(application.id);
  const html = applicationPage({
    ...frameOf(platform, request, browser),
    signedInAs: { login, displayName },
    csrf: formatFormToken(platform, browser, request, form),
    now,
    form,
    application: {
      ...application,
      secrets: application.secrets.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt),
      mayEnable: application.settings.disabledByOwner === true,
    },
    users: { count: Math.min(users, maximumCounted), isMore: users > maximumCounted },
    values: valuesOf(application, occasion.refused?.edit),
    errors: occasion.refused && errorsOf(occasion.refused.problems),
    offersPkceSwitch:
      offers.pkceSwitch && application.type === "confidential" && application.settings.pkce !== "required",
    tryPath: tryPathOf(visit),
    howToPath: `${basePathOf(platform)}/docs/authorization-code?client_id=${application.clientId}`,
    outcomes: outcomes.map(viewOf),
    rememberedSince: since,
    done: doneOf(occasion, application),
  });
  const failed = occasion.problem !== undefined || occasion.refused !== undefined;
  return pageMessage(occasion.problem === "formExpired" ? 403 : failed ? 400 : 200, html, setCookies);
}

/** The address alone is no proof, since anyone can send a link: only what can be seen to be so is said. */
function doneOf({ told, problem }: ApplicationOccasion, { disabled }: Application): ApplicationView["done"] {
  if (problem !== undefined) return { kind: problem };
  if (told === "changed") return { kind: "changed" };
  if (told === "disabled" && disabled) return { kind: "disabled" };
  return told === "enabled" && !disabled ? { kind: "enabled" } : undefined;
}

function valuesOf({ name, redirectUris, settings }: Application, edit: OwnEdit | undefined): ApplicationValues {
  return {
    name: edit?.name ?? name,
    redirectUris: (edit?.redirectUris ?? redirectUris).join("\n"),
    category: edit === undefined ? settings.category : edit.category,
    pkceIsOptional: edit?.pkceIsOptional ?? settings.pkce === "optional",
  };
}

function errorsOf(problems: readonly InputProblem[]): ApplicationView["errors"] {
  const problemOf = (field: string): string | undefined => problems.find((found) => found.field === field)?.problem;
  const named = { name: problemOf("name"), redirectUris: problemOf("redirectUris"), category: problemOf("category") };
  // Whatever has no field of its own is said at the top.
  const rest = problems.find(({ field }) => !(field in named));
  return { ...named, form: rest?.problem };
}

/**
 * Nobody keeps the state: an application that compares it says that it did not begin this, and any other exchanges the
 * code. So PKCE is only where it must be, since nobody keeps the verifier either. Undefined where nobody can be sent back.
 */
function tryPathOf({ platform, application, offers }: ApplicationVisit): string | undefined {
  const [redirectUri] = application.redirectUris;
  if (redirectUri === undefined || application.disabled) return undefined;
  const { type, settings, clientId } = application;
  const pkce = settings.pkce ?? (type === "public" || offers.tryNeedsPkce ? "required" : "optional");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "",
    state: Buffer.from(platform.random(16)).toString("base64url"),
    ...(pkce === "required" && {
      code_challenge: createHash("sha256").update(platform.random(32)).digest("base64url"),
      code_challenge_method: "S256",
    }),
  });
  return `${basePathOf(platform)}/oauth2/authorize?${query.toString()}`;
}

function viewOf({ at, count, event, error, redirectUriDiffersIn }: CountedOutcome): OutcomeView {
  if (event !== "refused" || error === undefined)
    return { at, count, kind: event === "redeemed" ? "redeemed" : "approved" };
  return { at, count, kind: kindOf(error), code: error.code, detail: error.detail, part: redirectUriDiffersIn };
}

function kindOf({ code, reason }: NonNullable<CountedOutcome["error"]>): OutcomeKind {
  return kinds.find(([pattern]) => pattern.test(`${code} ${reason ?? ""}`))?.[1] ?? "other";
}

const kinds: readonly (readonly [RegExp, OutcomeKind])[] = [
  [/ user_denied$/, "declined"],
  [/ redirect_uri_/, "redirectUri"],
  [/ code_(?:challenge|verifier)/, "codeChallenge"],
  [/ code_/, "code"],
  [/ client_secret_/, "secret"],
  [/^invalid_scope/, "scope"],
  [/ refresh_token_/, "refreshToken"],
];
