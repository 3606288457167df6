import type { Parameters } from "@codegrant/protocol";
import { listOwnApplications } from "../actions/applications.ts";
import { type Connection, listConnections, listEndedConnections } from "../actions/connections.ts";
import type { InputProblem } from "../actions/input-error.ts";
import { type Browser, basePathOf, frameOf, pageMessage, type SignedInPerson, withBrowserId } from "../browser.ts";
import { formatFormToken } from "../form.ts";
import type { Message, RequestRecord } from "../message.ts";
import { type ConnectionsView, type ConnectionView, connectionsPage, type RegistrationView } from "../pages/index.ts";
import type { Platform } from "../platform.ts";
import type { Offers } from "./application-page.ts";
import { parseQuery } from "./authorization-target.ts";
import { linesOf } from "./lines.ts";

/** A request to the page by someone who is signed in. */
export interface ConnectionsVisit {
  readonly platform: Platform;
  readonly request: RequestRecord;
  readonly browser: Browser;
  readonly signedIn: SignedInPerson;
  readonly offers?: Offers;
}

/** Why the page is shown in answer to a form. */
export interface ConnectionsOccasion {
  readonly done?: { readonly kind: "formExpired" | "keptForm" };
  readonly refused?: { readonly form: Parameters; readonly problems: readonly InputProblem[] };
}

export async function connectionsMessage(
  visit: ConnectionsVisit,
  occasion: ConnectionsOccasion = {},
): Promise<Message> {
  const { platform, request, signedIn } = visit;
  const { user } = signedIn;
  const { browser, setCookies } = withBrowserId(platform, visit.browser);
  const query = parseQuery(request.query);
  const [{ connections, nextAfterId }, ended, applications, disconnected] = await Promise.all([
    listConnections(platform, user.id, parseId(query.get("after"))),
    listEndedConnections(platform, user.id),
    listOwnApplications(platform, user.id),
    findDisconnected(platform, user.id, parseId(query.get("disconnected"))),
  ]);
  const path = `${basePathOf(platform)}/settings/connections`;
  const html = connectionsPage({
    ...frameOf(platform, request, browser),
    signedInAs: { login: user.login, displayName: user.displayName },
    csrf: formatFormToken(platform, browser, request),
    now: platform.now(),
    connections: connections.map(viewOf),
    moreConnectionsPath: nextAfterId === undefined ? undefined : `${path}?after=${nextAfterId}`,
    ended,
    applications: applications.map((application) => ({
      ...application,
      path: `${basePathOf(platform)}/settings/application?client_id=${application.clientId}`,
    })),
    registration: {
      ...(occasion.refused && registrationOf(occasion.refused)),
      offersPkceSwitch: visit.offers?.pkceSwitch,
    },
    done: occasion.done ?? (occasion.refused === undefined ? disconnected : undefined),
  });
  return pageMessage(statusOf(occasion), html, setCookies);
}

function statusOf({ done, refused }: ConnectionsOccasion): number {
  if (done?.kind === "formExpired") return 403;
  return refused === undefined ? 200 : 400;
}

/** The address alone is no proof, since anyone can send a link: the sentence is said only where it is so. */
async function findDisconnected(
  platform: Platform,
  userId: string,
  applicationId: number | undefined,
): Promise<ConnectionsView["done"]> {
  if (applicationId === undefined) return undefined;
  const consent = await platform.store.findConsent(userId, applicationId);
  if (consent === undefined || consent.since !== undefined) return undefined;
  const application = await platform.store.findApplicationById(applicationId);
  return application && { kind: "disconnected", name: application.name };
}

const secondsPerDay = 86_400;

function viewOf({ applicationId, lastUsedDay, ...connection }: Connection): ConnectionView {
  return {
    ...connection,
    applicationId: String(applicationId),
    lastUsedAt: lastUsedDay === undefined ? undefined : lastUsedDay * secondsPerDay,
  };
}

/** The form again, as it was typed, with a sentence at each field that needs another value. */
function registrationOf({ form, problems }: NonNullable<ConnectionsOccasion["refused"]>): RegistrationView {
  const type = form.get("type");
  const problemOf = (field: string): string | undefined => problems.find((found) => found.field === field)?.problem;
  return {
    values: {
      name: form.get("name"),
      redirectUri: linesOf(form).join("\n"),
      category: form.get("category"),
      pkceIsOptional: form.get("pkce") === "optional",
      type: type === "confidential" || type === "public" ? type : undefined,
    },
    errors: {
      name: problemOf("name"),
      redirectUri: problemOf("redirectUris"),
      type: problemOf("type"),
      category: problemOf("category"),
      form: problemOf("form"),
    },
  };
}

/** An id as our own forms and links carry it. */
export function parseId(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
