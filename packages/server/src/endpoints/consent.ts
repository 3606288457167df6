import { hash } from "node:crypto";
import { findUserById } from "../accounts.ts";
import { frameOf, pageMessage, withBrowserId } from "../browser.ts";
import { formatFormToken } from "../form.ts";
import type { Message, RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import {
  type AskingApplication,
  type ConsentView,
  consentPage,
  finishedPage,
  type ScopeChoice,
} from "../pages/index.ts";
import type { Platform } from "../platform.ts";
import type { Application, Consent } from "../records.ts";
import type { Asked } from "./authorization-asked.ts";
import type { Visit } from "./authorization-visit.ts";
import { addressOf } from "./host-sign-in.ts";

export interface ConsentOccasion {
  readonly consent: Consent | undefined;
  readonly granted: readonly string[];
  readonly problem?: NonNullable<ConsentView["problem"]>;
}

export async function consentMessage(visit: Visit, asked: Asked, occasion: ConsentOccasion): Promise<Message> {
  const { platform, request, target } = visit;
  const { browser, setCookies } = withBrowserId(platform, visit.browser);
  const frame = frameOf(platform, request, browser);
  if (frame.signedInAs === undefined) throw new PageError(403, "formExpired");
  // Dates the form: see `isAnsweredAlready`. Part of the anti-forgery token, so it cannot be changed.
  const form = String(occasion.consent?.answered ?? 0);
  const { application, redirectUri } = target;
  const html = consentPage({
    ...frame,
    signedInAs: frame.signedInAs,
    csrf: formatFormToken(platform, browser, request, form),
    form,
    application: await askingApplicationOf(platform, application),
    redirectUri,
    scopes: scopeChoicesOf(platform, application, asked.scopes, occasion.granted),
    resources: asked.resources,
    problem: occasion.problem,
    canSwitch: platform.accounts === undefined || browser.hostSignIn !== undefined,
  });
  return pageMessage(occasion.problem === undefined ? 200 : 403, html, setCookies);
}

export function finishedMessage({ platform, request, browser }: Visit): Message {
  const html = finishedPage({ ...frameOf(platform, request, browser), startAgainPath: addressOf(request) });
  return pageMessage(400, html);
}

/** What a consent remembers of the last request that was answered. */
export function queryHashOf(request: RequestRecord): Uint8Array {
  return hash("sha256", `${request.path}?${request.query}`, "buffer").subarray(0, 12);
}

export async function askingApplicationOf(platform: Platform, application: Application): Promise<AskingApplication> {
  const { name, type, ownerId, settings } = application;
  const owner = ownerId === undefined ? undefined : await findUserById(platform, ownerId);
  const ownerIsGone = ownerId !== undefined && owner === undefined;
  return { name, type, owner: owner?.login, ownerIsGone, verified: settings.trusted };
}

/** What a person may untick: the application's own list, or the platform's. */
export function optionalScopesOf(
  { settings }: Platform,
  application: Pick<Application, "settings">,
): readonly string[] {
  const usual = (): readonly string[] => settings.scopes.all.filter(({ optional }) => optional).map(({ name }) => name);
  return application.settings.optionalScopes ?? usual();
}

/** The scopes of a consent page in words. */
export function scopeChoicesOf(
  platform: Platform,
  { settings }: Application,
  names: readonly string[],
  granted: readonly string[],
): readonly ScopeChoice[] {
  const optional = optionalScopesOf(platform, { settings });
  return names.map((name) => {
    const scope = platform.settings.scopes.find(name);
    return {
      name,
      description: scope?.description ?? name,
      sensitive: scope?.sensitive ?? false,
      granted: granted.includes(name),
      optional: optional.includes(name),
    };
  });
}
