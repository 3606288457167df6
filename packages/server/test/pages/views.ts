/** One view of every page, and of every state a page can be in: what tests draw, and what the browser looks at. */
import type * as pages from "../../src/pages/index.ts";
import { en } from "../../src/pages/words/en.ts";

/** The pages to draw: the sources in unit tests, the build in a browser. */
export type Pages = typeof pages;

export const now = Date.UTC(2026, 2, 14, 9, 26, 53) / 1000;
const day = 86_400;

export const frame: pages.Frame = {
  platform: { name: "Codegrant", footer: "A demonstration on this computer" },
  words: en,
  requestId: "7f3a19c2",
};

const demo = { login: "demo", displayName: "Demo User" };
const form = { ...frame, csrf: "csrf-token" };
const signedIn = { ...form, signedInAs: demo, signOut: { path: "/sign-out", csrf: "sign-out-token" } };

export const scope = {
  readUser: { name: "user_read", description: "Read your account: name, picture, and e-mail address" },
  editChannel: { name: "channel_editor", description: "Change your channel's title and game", sensitive: true },
  chat: { name: "chat_login", description: "Read and write in chat as you", sensitive: true },
  follows: { name: "user_follows_edit", description: "Follow and unfollow channels for you" },
  subscriptions: { name: "user_subscriptions", description: "See which channels you subscribe to" },
} satisfies Record<string, pages.ScopeView>;

export function signIn(change: Partial<pages.SignInView> = {}): pages.SignInView {
  return { ...form, application: "Sample Application", ...change };
}

export function consent(change: Partial<pages.ConsentView> = {}): pages.ConsentView {
  return {
    ...signedIn,
    application: { name: "Sample Application", owner: "alice", type: "confidential" },
    redirectUri: "https://sample.example/callback",
    scopes: [scope.readUser, scope.editChannel, scope.chat],
    form: "1773480413",
    ...change,
  };
}

export function error(change: Partial<pages.ErrorView> & Pick<pages.ErrorView, "status">): pages.ErrorView {
  return { ...frame, ...change };
}

export function connections(change: Partial<pages.ConnectionsView> = {}): pages.ConnectionsView {
  return {
    ...signedIn,
    now,
    connections: [
      {
        applicationId: "101",
        name: "Sample Application",
        owner: "alice",
        scopes: [scope.readUser, scope.editChannel, scope.chat],
        since: now - 3 * day,
        lastUsedAt: now - (now % day),
      },
      { applicationId: "102", name: "Overlay Studio", scopes: [scope.subscriptions], since: now - 95 * day },
      { applicationId: "103", name: "Hello World", owner: "bob", scopes: [], since: now - 40 },
    ],
    ended: [
      { name: "Chat Bot", at: now - 2 * day, why: "theft" },
      { name: "Old Widget", at: now - 9 * day, why: "disconnect" },
    ],
    applications: [
      {
        name: "My Dashboard",
        clientId: "q9n3v7b2k5x8m1c4z6w0",
        type: "confidential",
        redirectUris: ["http://localhost/", "https://dashboard.example/oauth/callback"],
        createdAt: now - 12 * day,
        path: "/settings/application?client_id=q9n3v7b2k5x8m1c4z6w0",
        disabled: true,
      },
    ],
    registration: { offersPkceSwitch: true },
    ...change,
  };
}

export function created(change: Partial<pages.ApplicationCreatedView> = {}): pages.ApplicationCreatedView {
  return {
    ...signedIn,
    application: {
      name: "My Dashboard",
      clientId: "q9n3v7b2k5x8m1c4z6w0",
      type: "confidential",
      redirectUris: ["http://localhost/"],
    },
    clientSecret: "sT4k9Qw2Lr8Zx1Vb6Nm3Hj7Pd5Fg0Cy",
    authorizeUrl:
      "https://platform.example/oauth2/authorize?response_type=code&client_id=q9n3v7b2k5x8m1c4z6w0&redirect_uri=http%3A%2F%2Flocalhost%2F&scope=user_read&state=RANDOM",
    tokenUrl: "https://platform.example/oauth2/token",
    ...change,
  };
}

export function application(change: Partial<pages.ApplicationView> = {}): pages.ApplicationView {
  const kinds = Object.keys(en.application.outcome) as pages.OutcomeKind[];
  return {
    ...signedIn,
    now,
    form: "1773480413",
    application: {
      name: "My Dashboard",
      clientId: "q9n3v7b2k5x8m1c4z6w0",
      type: "confidential",
      createdAt: now - 12 * day,
      disabled: false,
      mayEnable: true,
      secrets: [{ createdAt: now - 3600 }, { createdAt: now - 12 * day, expiresAt: now + day }],
    },
    users: { count: 1204, isMore: false },
    values: {
      name: "My Dashboard",
      redirectUris: "http://localhost/\nhttps://dashboard.example/oauth/callback",
      category: "Tools",
      pkceIsOptional: true,
    },
    offersPkceSwitch: true,
    tryPath: "/oauth2/authorize?response_type=code&client_id=q9n3v7b2k5x8m1c4z6w0&state=x",
    howToPath: "/docs/authorization-code?client_id=q9n3v7b2k5x8m1c4z6w0",
    outcomes: kinds.map((kind, index) => ({ at: now - index * 600, kind, count: index + 1 })),
    rememberedSince: now - 2 * day,
    ...change,
  };
}

export function secretRotated(change: Partial<pages.SecretRotatedView> = {}): pages.SecretRotatedView {
  return {
    ...signedIn,
    now,
    application: { name: "My Dashboard", clientId: "q9n3v7b2k5x8m1c4z6w0" },
    clientSecret: "sT4k9Qw2Lr8Zx1Vb6Nm3Hj7Pd5Fg0Cy",
    oldUntil: now + day,
    ...change,
  };
}

export function passwordReset(change: Partial<pages.PasswordResetView> = {}): pages.PasswordResetView {
  return { ...form, login: "demo", minimumLength: 8, ...change };
}

export function signUp(change: Partial<pages.SignUpView> = {}): pages.SignUpView {
  return { ...form, minimumLength: 8, signInPath: "/oauth2/authorize?client_id=abc", ...change };
}

export function sessions(change: Partial<pages.SessionsView> = {}): pages.SessionsView {
  return {
    ...signedIn,
    now,
    sessions: [
      { id: "0a1b2c", label: "Firefox on Linux", since: now - 40, isThis: true },
      { id: "3d4e5f", label: "Safari on iPhone", since: now - 3 * day, isThis: false },
      { id: "6a7b8c", since: now - 20 * day, isThis: false },
    ],
    ...change,
  };
}

export function passwordChange(change: Partial<pages.PasswordChangeView> = {}): pages.PasswordChangeView {
  return { ...signedIn, minimumLength: 8, ...change };
}

export function scopes(change: Partial<pages.ScopesView> = {}): pages.ScopesView {
  return {
    ...frame,
    groups: [
      {
        title: "Your account",
        about: "What an application may see and change about you.",
        scopes: [scope.readUser, scope.follows, scope.subscriptions],
      },
      { title: "Channel and chat", scopes: [scope.editChannel, scope.chat] },
    ],
    ...change,
  };
}

export function howTo(change: Partial<pages.HowToView> = {}): pages.HowToView {
  const at = "https://platform.example/oauth2";
  return {
    ...signedIn,
    now,
    application: { name: "My Dashboard", type: "confidential" },
    others: [
      { name: "Chat Bot", path: "/docs/authorization-code?client_id=a1" },
      { name: "Overlay", path: "/docs/authorization-code?client_id=b2" },
    ],
    endpoints: [
      { kind: "authorize", url: `${at}/authorize` },
      { kind: "token", url: `${at}/token` },
      { kind: "revoke", url: `${at}/revoke` },
      { kind: "validate", url: `${at}/validate` },
      { kind: "metadata", url: "https://platform.example/.well-known/oauth-authorization-server" },
    ],
    authorizeUrl: `${at}/authorize?response_type=code&client_id=q9n3v7b2k5x8m1c4z6w0&redirect_uri=http%3A%2F%2Flocalhost%2F&scope=user_read&state=STATE&code_challenge=CODE_CHALLENGE&code_challenge_method=S256`,
    parameters: [
      { kind: "responseType", name: "response_type" },
      { kind: "clientId", name: "client_id" },
      { kind: "redirectUri", name: "redirect_uri" },
      { kind: "scope", name: "scope" },
      { kind: "state", name: "state" },
      { kind: "codeChallenge", name: "code_challenge, code_challenge_method=S256" },
      { kind: "forceConsent", name: "force_verify" },
      { kind: "prompt", name: "prompt" },
    ],
    approvedUrl: "http://localhost/?code=CODE&scope=user_read&state=STATE",
    declinedUrl: "http://localhost/?error=access_denied&error_description=The+user+denied+you+access&state=STATE",
    tokenResponse: '{\n  "access_token": "ACCESS_TOKEN",\n  "expires_in": 14400\n}',
    codeLifetimeSeconds: 60,
    accessTokenLifetimeSeconds: 4 * 3600,
    refreshCommand: `curl -sS '${at}/token' \\\n  -d grant_type=refresh_token \\\n  -d refresh_token=REFRESH_TOKEN`,
    revokeCommand: `curl -sS '${at}/revoke' \\\n  -d token=REFRESH_TOKEN`,
    refusals: [
      { kind: "declined", answer: "error=access_denied" },
      { kind: "scope", answer: "error=invalid_scope" },
      { kind: "code", answer: '{"status":400,"message":"Invalid authorization code"}' },
      { kind: "secret", answer: '{"status":403,"message":"invalid client secret"}' },
      { kind: "refreshToken", answer: '{"status":400,"message":"Invalid refresh token"}' },
    ],
    snippets: [
      {
        title: "curl",
        command: "CLIENT_SECRET=… sh connect.sh",
        code: `#!/bin/sh\necho '${at}/authorize?response_type=code&client_id=q9n3v7b2k5x8m1c4z6w0&redirect_uri=http%3A%2F%2Flocalhost%2F'\n`,
      },
      {
        title: "Python",
        command: "CLIENT_SECRET=… python3 connect.py",
        code: "import json\n\nprint(json.dumps({}))\n",
      },
    ],
    ...change,
  };
}

export function home(change: Partial<pages.HomeView> = {}): pages.HomeView {
  return {
    ...signedIn,
    endpoints: [
      { name: "Authorize", url: "https://platform.example/oauth2/authorize" },
      { name: "Token", url: "https://platform.example/oauth2/token" },
    ],
    docs: [{ title: "Getting a token with the authorization code flow", path: "/docs/start" }],
    ...change,
  };
}

export function device(change: Partial<pages.DeviceView> = {}): pages.DeviceView {
  return { ...signedIn, userCode: "WDJB-MJHT", ...change };
}

export function deviceConsent(change: Partial<pages.DeviceConsentView> = {}): pages.DeviceConsentView {
  return {
    ...signedIn,
    application: { name: "Living Room TV", owner: "alice", type: "public" },
    userCode: "WDJB-MJHT",
    scopes: [scope.readUser, scope.subscriptions],
    form: "1773480413",
    ...change,
  };
}

/** A page in one state. */
export interface Sample {
  readonly name: string;
  /** Its markup; `change` may put something else into its view first. */
  readonly draw: (change?: <View extends pages.Frame>(view: View) => View) => string;
}

/** Every page in every state. */
export function everySample(pages: Pages): readonly Sample[] {
  const reasons = Object.keys(en.error.reasons) as pages.ErrorReason[];
  const parts = Object.keys(en.error.part) as pages.UriPart[];
  const whys = Object.keys(en.connections.endedWhy) as pages.EndedWhy[];
  const statuses: readonly pages.ErrorStatus[] = [400, 403, 404, 405, 413, 429, 500, 503];
  return [
    sample("sign-in", pages.signInPage, signIn()),
    sample("sign-in-demo", pages.signInPage, signIn({ hint: { login: "demo", password: "password" } })),
    sample("sign-in-may-sign-up", pages.signInPage, signIn({ signUpPath: "/sign-up?return_to=%2F" })),
    sample("sign-in-wrong", pages.signInPage, signIn({ problem: { kind: "wrongLoginOrPassword" }, login: "demo" })),
    sample("sign-in-wait", pages.signInPage, signIn({ problem: { kind: "tooManyTries", waitSeconds: 30 } })),
    sample("sign-in-expired", pages.signInPage, signIn({ application: undefined, problem: { kind: "formExpired" } })),
    sample("sign-in-signed-out", pages.signInPage, signIn({ problem: { kind: "signedOut" } })),
    sample("sign-in-kept", pages.signInPage, signIn({ problem: { kind: "signedOut" }, kept: "name=a%22b&x=%3C" })),
    sample("sign-in-again", pages.signInPage, signIn({ signedInAs: demo, passwordHelp: "Ask ops@platform.example." })),
    sample("consent", pages.consentPage, consent()),
    sample("consent-full", pages.consentPage, consentWithEverything),
    sample(
      "consent-nothing",
      pages.consentPage,
      consent({ scopes: [], redirectUri: "http://127.0.0.1:5050/callback" }),
    ),
    sample(
      "consent-owner-gone",
      pages.consentPage,
      consent({ application: { name: "Old Overlay", ownerIsGone: true, type: "confidential", verified: true } }),
    ),
    sample("consent-known", pages.consentPage, consent({ scopes: [{ ...scope.readUser, granted: true }] })),
    sample("consent-platform", pages.consentPage, consentOfPlatform),
    sample("finished", pages.finishedPage, { ...frame, startAgainPath: "/oauth2/authorize?client_id=abc&state=x" }),
    sample("connections", pages.connectionsPage, connections()),
    sample("connections-empty", pages.connectionsPage, connections({ connections: [], ended: [], applications: [] })),
    sample(
      "connections-disconnected",
      pages.connectionsPage,
      connections({
        done: { kind: "disconnected", name: "Chat Bot" },
        moreConnectionsPath: "/settings/connections?after=103",
        ended: whys.map((why) => ({ name: "Chat Bot", at: now - 5 * 3600, why })),
        registration: undefined,
      }),
    ),
    sample("connections-kept", pages.connectionsPage, connections({ done: { kind: "keptForm" } })),
    sample("connections-errors", pages.connectionsPage, connectionsWithErrors),
    sample(
      "connections-full",
      pages.connectionsPage,
      connections({
        registration: { errors: { form: "You have ten applications, which is as many as one may have." } },
      }),
    ),
    sample("created", pages.applicationCreatedPage, created()),
    sample("created-public", pages.applicationCreatedPage, created({ clientSecret: undefined })),
    sample("application", pages.applicationPage, application()),
    sample(
      "application-refused",
      pages.applicationPage,
      application({
        outcomes: [
          {
            at: now - 5,
            count: 1204,
            kind: "redirectUri",
            code: "invalid_request",
            detail: "http://localhost:8081/callback",
            part: "port",
          },
          { at: now - 9, count: 1, kind: "code", code: "invalid_grant", detail: "the code was used 3 s before" },
        ],
        errors: { name: "Please give it a name.", redirectUris: "Leave out #top.", category: "Too long.", form: "No." },
        done: { kind: "alreadyRotated" },
      }),
    ),
    sample(
      "application-public",
      pages.applicationPage,
      application({
        application: { ...application().application, type: "public", disabled: true, secrets: [] },
        users: { count: 100_000, isMore: true },
        tryPath: undefined,
        offersPkceSwitch: false,
        outcomes: [],
        done: { kind: "disabled" },
      }),
    ),
    ...(["changed", "enabled", "formExpired", "keptForm", "notConfirmed", "operatorsOff"] as const).map((kind) =>
      sample(`application-done-${kind}`, pages.applicationPage, application({ done: { kind } })),
    ),
    sample(
      "application-off",
      pages.applicationPage,
      application({ application: { ...application().application, disabled: true, mayEnable: false } }),
    ),
    sample("secret-rotated", pages.secretRotatedPage, secretRotated()),
    sample("secret-rotated-at-once", pages.secretRotatedPage, secretRotated({ oldUntil: undefined })),
    sample("password", pages.passwordResetPage, passwordReset()),
    sample("password-short", pages.passwordResetPage, passwordReset({ problem: "tooShort" })),
    sample("password-long", pages.passwordResetPage, passwordReset({ problem: "tooLong" })),
    sample("password-expired", pages.passwordResetPage, passwordReset({ problem: "formExpired" })),
    sample("password-done", pages.passwordResetDonePage, { ...frame, login: "demo" }),
    sample("sign-up", pages.signUpPage, signUp()),
    sample(
      "sign-up-errors",
      pages.signUpPage,
      signUp({ login: "a", errors: { login: "Too short.", password: "Too short.", form: "Not now." } }),
    ),
    sample("sign-up-expired", pages.signUpPage, signUp({ problem: { kind: "formExpired" } })),
    sample("sign-up-wait", pages.signUpPage, signUp({ problem: { kind: "tooManyTries", waitSeconds: 60 } })),
    sample("sessions", pages.sessionsPage, sessions({ done: { kind: "passwordChanged" } })),
    sample("sessions-one", pages.sessionsPage, sessions({ sessions: sessions().sessions.slice(0, 1) })),
    sample("sessions-ended", pages.sessionsPage, sessions({ done: { kind: "ended" } })),
    sample("sessions-expired", pages.sessionsPage, sessions({ done: { kind: "formExpired" } })),
    sample("password-change", pages.passwordChangePage, passwordChange()),
    sample(
      "password-change-errors",
      pages.passwordChangePage,
      passwordChange({
        errors: { current: "That is not your current password.", new: "Too short." },
        keepsGrants: true,
      }),
    ),
    sample(
      "password-change-wait",
      pages.passwordChangePage,
      passwordChange({ problem: { kind: "tooManyTries", waitSeconds: 9 } }),
    ),
    sample("scopes", pages.scopesPage, scopes()),
    sample("how-to", pages.howToPage, howTo()),
    sample(
      "how-to-signed-out",
      pages.howToPage,
      howTo({
        signedInAs: undefined,
        signOut: undefined,
        application: undefined,
        others: [],
        signInPath: "/docs?sign_in=1",
      }),
    ),
    sample("how-to-nothing-yet", pages.howToPage, howTo({ application: undefined, others: [] })),
    sample("home", pages.homePage, home()),
    sample("home-signed-out", pages.homePage, frame),
    sample("signed-out", pages.signedOutPage, frame),
    sample("device", pages.devicePage, device()),
    sample("device-unknown", pages.devicePage, device({ problem: { kind: "unknownCode" } })),
    sample("device-wait", pages.devicePage, device({ problem: { kind: "tooManyTries", waitSeconds: 120 } })),
    sample("device-expired", pages.devicePage, device({ problem: { kind: "formExpired" } })),
    sample("device-consent", pages.deviceConsentPage, deviceConsent()),
    sample("device-approved", pages.deviceDonePage, { ...frame, application: "Living Room TV", outcome: "approved" }),
    sample("device-declined", pages.deviceDonePage, { ...frame, application: "Living Room TV", outcome: "declined" }),
    ...statuses.map((status) => sample(`error-${status}`, pages.errorPage, error({ status }))),
    ...reasons.map((reason) => sample(`error-${reason}`, pages.errorPage, error({ status: 400, reason }))),
    ...parts.map((part) => sample(`error-differs-in-${part}`, pages.errorPage, mismatch(part))),
    sample("error-wait", pages.errorPage, error({ status: 429, waitSeconds: 1 })),
    sample(
      "error-back",
      pages.errorPage,
      error({ status: 400, reason: "requestRefused", backTo: "https://sample.example/callback" }),
    ),
  ];
}

/** A view with `text` in place of every string, but for those that choose among our own words. */
export function withText<Value>(value: Value, text: string, key = ""): Value {
  if (typeof value === "string") return choices.has(key) && /^[a-zA-Z]+$/.test(value) ? value : (text as Value);
  if (typeof value !== "object" || value === null || key === "words") return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withText(item, text)) as Value;
  const entries = Object.entries(value).map(([name, inner]) => [name, withText<unknown>(inner, text, name)]);
  return Object.fromEntries(entries) as Value;
}

const choices = new Set(["kind", "type", "problem", "reason", "redirectUriDiffersIn", "why", "outcome"]);

function sample<View extends pages.Frame>(name: string, page: (view: View) => string, view: View): Sample {
  return { name, draw: (change) => page(change === undefined ? view : change(view)) };
}

export const consentWithEverything: pages.ConsentView = consent({
  application: { name: "Stream Companion for the Living Room", owner: "alice", type: "public" },
  scopes: [
    scope.editChannel,
    { ...scope.chat, optional: true },
    { ...scope.follows, optional: true },
    { ...scope.readUser, granted: true },
    { ...scope.subscriptions, granted: true },
  ],
  resources: ["https://api.platform.example/v2"],
  problem: "formExpired",
});

function mismatch(part: pages.UriPart): pages.ErrorView {
  return error({
    status: 400,
    reason: "redirectUriMismatch",
    redirectUriDiffersIn: part,
    details: [
      { name: "client_id", value: "q9n3v7b2k5x8m1c4z6w0" },
      { name: "redirect_uri", value: "http://localhost:8080/callback" },
    ],
  });
}

const consentOfPlatform: pages.ConsentView = consent({
  application: { name: "Notes", type: "confidential", verified: true },
  problem: "userChanged",
  redirectUri: "com.example.notes:/callback",
});

const connectionsWithErrors: pages.ConnectionsView = connections({
  done: { kind: "formExpired" },
  registration: {
    values: { name: "", redirectUri: "http://example.com/#top", type: "public" },
    errors: {
      name: "Please give it a name.",
      redirectUri: "A redirect URI has no fragment: leave out #top.",
      type: "Please choose one.",
      category: "Too long.",
      form: "Nothing was registered.",
    },
  },
});
