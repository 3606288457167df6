import type { Provider } from "@codegrant/client";
import { formatErrorResponse, OAuthError } from "@codegrant/protocol";
import {
  createFetchHandler,
  createGuard,
  createServer,
  type GuardAccess,
  type HostUser,
  type Platform,
} from "@codegrant/server";
import { createAddresses } from "./addresses.ts";
import type { FaultPlan } from "./faults.ts";
import { createIdTokens, publicKeys } from "./id-tokens.ts";
import { hideError, type Manners, refusePublicExchange, sendMismatchToFirst } from "./manners.ts";
import { changeJson, identityMembers } from "./members.ts";
import { metadataAnswer, metadataPathsOf, usualKeysPath } from "./metadata.ts";
import { toStandard } from "./own-ways.ts";
import { dialectOf, mountsOf, resourcesOf } from "./platform.ts";
import { type Call, formOf, type Outcome, requestOf } from "./received.ts";
import { fromStandardRevocation, toStandardRevocation } from "./revocation.ts";
import { answerPage, type ScriptedUser } from "./scripted-user.ts";

export interface ServerParts {
  readonly provider: Provider;
  readonly platform: Platform;
  readonly user: ScriptedUser;
  readonly manners: Manners;
  readonly plan: FaultPlan;
  readonly originMatters: boolean;
  /** Real pages, for whoever sits in front of a browser. */
  readonly showsPages: boolean;
  findUser(id: string): HostUser | undefined;
  /** The platform's own API; a token that is not good never gets here. */
  readonly api?: ((request: Request, access: GuardAccess) => Response | Promise<Response>) | undefined;
}

/** The named platform: every request goes through its faults, its manners, and then to our own server underneath. */
export interface ProviderServer {
  /** Undefined: the address is none of this provider's. */
  nameOf(url: URL): Call["endpoint"] | undefined;
  answer(call: Call): Promise<Outcome>;
}

export function createProviderServer(parts: ServerParts): ProviderServer {
  const { provider, platform, user, manners, plan } = parts;
  const dialect = dialectOf(provider);
  const mounted = mountsOf(provider, dialect);
  const server = createServer(platform, mounted);
  const handle = createFetchHandler(server);
  const guard = createGuard(platform, mounted, { resource: platform.settings.issuer });
  const idTokens = createIdTokens(provider, () => platform.now());
  const metadataPaths = metadataPathsOf(provider);
  const documentPaths = [...metadataPaths, usualKeysPath];
  const resources = resourcesOf(dialect).map(({ path }) => path);
  const { find } = createAddresses(provider, {
    originMatters: parts.originMatters,
    isPage: (path) => documentPaths.includes(path) || (server.owns(path) && !resources.includes(path)),
  });

  async function answerWell(call: Call): Promise<Response> {
    const { endpoint, url } = call;
    if (endpoint === "authorize") return await answerAuthorize(call);
    if (endpoint === "token") return await answerToken(call);
    if (endpoint === "revoke") return await answerRevocation(call);
    if (endpoint === "jwks" || url.pathname === usualKeysPath) return Response.json(publicKeys());
    if (endpoint === "page" && metadataPaths.includes(url.pathname)) return metadataAnswer(provider);
    if (endpoint === "page") return await answerPageRequest(call);
    return server.owns(url.pathname) ? await handle(requestOf(call)) : await answerApi(call);
  }

  async function answerRevocation(call: Call): Promise<Response> {
    const checked = provider.revocation?.tokenIn === "header" ? await guard.checkRequest(requestOf(call)) : undefined;
    if (checked?.outcome === "refused") return refuseToken(call);
    const standard = toStandardRevocation(provider, atMount(call), checked?.access.clientId);
    return fromStandardRevocation(provider, await handle(requestOf(standard)));
  }

  /** An address that names the client is mounted as it is written. */
  function atMount(call: Call): Call {
    const written = provider.endpoints.revoke ?? "";
    if (!written.includes("{clientId}")) return call;
    const url = new URL(call.url);
    url.pathname = new URL(written).pathname;
    return { ...call, url };
  }

  async function answerPageRequest(call: Call): Promise<Response> {
    if (parts.showsPages || call.method !== "GET") return await handle(requestOf(call));
    return await answerPage(handle, call.url, user.answer);
  }

  async function answerAuthorize(call: Call): Promise<Response> {
    const answer = parts.showsPages ? "approve" : user.answer;
    const url = new URL(call.url);
    const hasOpenId = idTokens.strip(url);
    askAsScripted(url, provider, answer !== "approve");
    const isVisit = !parts.showsPages && call.method === "GET";
    const response = isVisit ? await answerPage(handle, url, answer) : await handle(requestOf({ ...call, url }));
    const location = response.headers.get("location");
    if (location === null) return response;
    const code = /[?&]code=([^&#]*)/.exec(location)?.[1];
    const { searchParams } = call.url;
    const clientId = searchParams.get("client_id") ?? "";
    const nonce = searchParams.get("nonce") ?? undefined;
    if (hasOpenId && code !== undefined) {
      idTokens.note(decodeURIComponent(code), { nonce, clientId, account: user.account });
    }
    const headers = new Headers(response.headers);
    headers.set("location", withIssuer(location, provider));
    return new Response(null, { status: response.status, headers });
  }

  async function answerToken(call: Call): Promise<Response> {
    const response = await handle(requestOf(call));
    const sent = new Map([...call.url.searchParams, ...formOf(call)]);
    const told = identityMembers(provider, "token_response", user.account);
    const named = sent.get("grant_type") === "authorization_code" && Object.keys(told).length > 0;
    const answer = named ? await changeJson(response, (members) => ({ ...members, ...told })) : response;
    return await idTokens.addTo(answer, sent.get("code") ?? "");
  }

  async function answerApi(call: Call): Promise<Response> {
    const checked = await guard.checkRequest(requestOf(call));
    if (checked.outcome === "refused") return refuseToken(call);
    const { access } = checked;
    const account = parts.findUser(access.userId ?? "");
    if (call.endpoint === "userinfo" && account !== undefined) {
      return Response.json({ ...identityMembers(provider, "userinfo", account), email: account.email });
    }
    if (parts.api !== undefined) return await parts.api(requestOf(call), access);
    return Response.json({ path: call.url.pathname, id: account?.id, login: account?.login, scopes: access.scopes });
  }

  function refuseToken({ headers }: Call): Response {
    const reason = headers.has("authorization") ? "access_token_invalid" : "access_token_missing";
    const { status, body } = formatErrorResponse(new OAuthError("invalid_token", { reason }), dialect);
    return new Response(body, { status, headers: { "content-type": "application/json" } });
  }

  return {
    nameOf: find,
    async answer(call) {
      const befallen = plan.take(call);
      const context = befallen && { call, provider, options: befallen.options };
      if (context !== undefined && befallen?.fault.instead !== undefined) return befallen.fault.instead(context);
      const standard = toStandard(provider, call);
      const plain =
        (await refusePublicExchange(provider, platform, manners, standard)) ??
        (await sendMismatchToFirst(platform, manners, standard)) ??
        (await answerWell(standard));
      const response = hideError(provider, manners, call, plain);
      return context !== undefined && befallen?.fault.after !== undefined
        ? await befallen.fault.after(response, context)
        : response;
    },
  };
}

/** A person who is to say no sees the page though they said yes before; whoever signs in again does so unseen. */
function askAsScripted(url: URL, { dialect }: Provider, needsPage: boolean): void {
  const { searchParams } = url;
  const prompts = dialect.authorize.promptIsRead ? (searchParams.get("prompt") ?? "").split(" ") : [];
  if (prompts.includes("none")) return;
  if (searchParams.has("prompt")) searchParams.delete("prompt");
  if (needsPage || prompts.some((prompt) => prompt !== "")) searchParams.set("prompt", "consent");
}

/** Our own server underneath has another name for itself than the platform, if it says one at all. */
function withIssuer(location: string, { issuer, issuerInCallback }: Provider): string {
  const bare = location.replace(/([?&])iss=[^&#]*&?/, "$1").replace(/[?&](?=$|#)/, "");
  if (!issuerInCallback || issuer === undefined) return bare;
  const [, address = "", fragment = ""] = /^([^#]*)(.*)$/.exec(bare) ?? [];
  return `${address}${address.includes("?") ? "&" : "?"}iss=${encodeURIComponent(issuer)}${fragment}`;
}
