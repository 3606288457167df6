/** One view of every page, and of every state a page can be in: what tests draw, and what the browser looks at. */
import * as pages from "../../src/pages/index.ts";

export const now = Date.UTC(2026, 2, 14, 9, 26, 53) / 1000;
const day = 86_400;

export const frame: pages.Frame = {
  platform: { name: "Codegrant", footer: "A demonstration on this computer" },
  words: pages.en,
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
        path: "/settings/connections/q9n3v7b2k5x8m1c4z6w0",
      },
    ],
    registration: {},
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

export function passwordReset(change: Partial<pages.PasswordResetView> = {}): pages.PasswordResetView {
  return { ...form, login: "demo", minimumLength: 8, ...change };
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

/** Every page in every state, by name. */
export function everyPage(change: Partial<pages.Frame> = {}): Record<string, string> {
  const all = { ...frame, ...change };
  const draw = <View>(page: (view: View) => string, view: View): string => page({ ...view, ...change });
  const reasons = Object.keys(pages.en.error.reasons) as pages.ErrorReason[];
  const parts = Object.keys(pages.en.error.part) as pages.UriPart[];
  const whys = Object.keys(pages.en.connections.endedWhy) as pages.EndedWhy[];
  const statuses: readonly pages.ErrorStatus[] = [400, 403, 404, 405, 413, 429, 500, 503];
  const entries: [string, string][] = [
    ["sign-in", draw(pages.signInPage, signIn())],
    ["sign-in-demo", draw(pages.signInPage, signIn({ hint: { login: "demo", password: "password" } }))],
    ["sign-in-wrong", draw(pages.signInPage, signIn({ problem: { kind: "wrongLoginOrPassword" }, login: "demo" }))],
    ["sign-in-wait", draw(pages.signInPage, signIn({ problem: { kind: "tooManyTries", waitSeconds: 30 } }))],
    ["sign-in-expired", draw(pages.signInPage, signIn({ application: undefined, problem: { kind: "formExpired" } }))],
    ["sign-in-again", draw(pages.signInPage, signIn({ signedInAs: demo, passwordHelp: "Ask ops@platform.example." }))],
    ["consent", draw(pages.consentPage, consent())],
    ["consent-full", draw(pages.consentPage, consentWithEverything)],
    [
      "consent-nothing",
      draw(pages.consentPage, consent({ scopes: [], redirectUri: "http://127.0.0.1:5050/callback" })),
    ],
    ["consent-known", draw(pages.consentPage, consent({ scopes: [{ ...scope.readUser, granted: true }] }))],
    [
      "consent-platform",
      draw(
        pages.consentPage,
        consent({
          application: { name: "Notes", type: "confidential", verified: true },
          problem: "userChanged",
          redirectUri: "com.example.notes:/callback",
        }),
      ),
    ],
    ["finished", draw(pages.finishedPage, { ...all, startAgainPath: "/oauth2/authorize?client_id=abc&state=x" })],
    ["connections", draw(pages.connectionsPage, connections())],
    [
      "connections-empty",
      draw(pages.connectionsPage, connections({ connections: [], ended: [], applications: [], registration: {} })),
    ],
    [
      "connections-disconnected",
      draw(
        pages.connectionsPage,
        connections({
          done: { kind: "disconnected", name: "Chat Bot" },
          moreConnectionsPath: "/settings/connections?after=103",
          ended: whys.map((why) => ({ name: "Chat Bot", at: now - 5 * 3600, why })),
          registration: undefined,
        }),
      ),
    ],
    [
      "connections-errors",
      draw(
        pages.connectionsPage,
        connections({
          done: { kind: "formExpired" },
          registration: {
            values: { name: "", redirectUri: "http://example.com/#top", type: "public" },
            errors: {
              name: "Please give it a name.",
              redirectUri: "A redirect URI has no fragment: leave out #top.",
              type: "Please choose one.",
              form: "Nothing was registered.",
            },
          },
        }),
      ),
    ],
    [
      "connections-one-error",
      draw(pages.connectionsPage, connections({ registration: { errors: { name: "Please give it a name." } } })),
    ],
    ["created", draw(pages.applicationCreatedPage, created())],
    ["created-public", draw(pages.applicationCreatedPage, created({ clientSecret: undefined }))],
    ["password", draw(pages.passwordResetPage, passwordReset())],
    ["password-short", draw(pages.passwordResetPage, passwordReset({ problem: "tooShort" }))],
    ["password-long", draw(pages.passwordResetPage, passwordReset({ problem: "tooLong" }))],
    ["password-expired", draw(pages.passwordResetPage, passwordReset({ problem: "formExpired" }))],
    ["password-done", draw(pages.passwordResetDonePage, { ...all, login: "demo" })],
    ["scopes", draw(pages.scopesPage, scopes())],
    ["home", draw(pages.homePage, home())],
    ["home-signed-out", draw(pages.homePage, { ...all })],
    ["signed-out", draw(pages.signedOutPage, all)],
    ["device", draw(pages.devicePage, device())],
    ["device-unknown", draw(pages.devicePage, device({ problem: { kind: "unknownCode" } }))],
    ["device-wait", draw(pages.devicePage, device({ problem: { kind: "tooManyTries", waitSeconds: 120 } }))],
    ["device-expired", draw(pages.devicePage, device({ problem: { kind: "formExpired" } }))],
    ["device-consent", draw(pages.deviceConsentPage, deviceConsent())],
    [
      "device-approved",
      draw(pages.deviceDonePage, { ...all, application: "Living Room TV", outcome: "approved" as const }),
    ],
    [
      "device-declined",
      draw(pages.deviceDonePage, { ...all, application: "Living Room TV", outcome: "declined" as const }),
    ],
    ...statuses.map((status): [string, string] => [`error-${status}`, draw(pages.errorPage, error({ status }))]),
    ...reasons.map((reason): [string, string] => [
      `error-${reason}`,
      draw(pages.errorPage, error({ status: 400, reason, ...(reason === "tooMany" && { waitSeconds: 1 }) })),
    ]),
    ...parts.map((part): [string, string] => [`error-differs-${part}`, draw(pages.errorPage, mismatch(part))]),
    [
      "error-back",
      draw(
        pages.errorPage,
        error({ status: 400, reason: "requestRefused", backTo: "https://sample.example/callback" }),
      ),
    ],
  ];
  return Object.fromEntries(entries);
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
