/**
 * What each page needs to be drawn: plain values, no records. Times are epoch seconds.
 *
 * Strings may hold whatever a stranger typed: pages escape them, isolate names and check links themselves.
 */
import type { Look } from "./look.ts";
import type { UriPart } from "./uri-part.ts";
import type { Words } from "./words/en.ts";

export type { UriPart } from "./uri-part.ts";

/** What every page has around it. */
export interface Frame {
  readonly platform: {
    readonly name: string;
    readonly footer?: string | undefined;
    /** As usual unless given. */
    readonly look?: Pick<Look, "stylesheetPath" | "favicon" | "hasLogo"> | undefined;
  };
  readonly words: Words;
  /** Shown small at the foot, so that a person can name it to whoever runs the platform. */
  readonly requestId: string;
  readonly signedInAs?: Person | undefined;
  /** The anti-forgery token of this page's own forms; it goes out as the hidden field `csrf`. */
  readonly csrf?: string | undefined;
  /** The path the server is mounted under, without a trailing slash; empty at the root. */
  readonly basePath?: string | undefined;
  /** Where the header's "Sign out" posts to; absent, the header has none. */
  readonly signOut?: { readonly path: string; readonly csrf: string } | undefined;
}

export interface Person {
  readonly login: string;
  readonly displayName: string;
}

/** A page with a form of its own. */
export interface FormFrame extends Frame {
  readonly csrf: string;
}

/** A page that only a signed-in person sees, with a form of its own. */
export interface SignedInFrame extends FormFrame {
  readonly signedInAs: Person;
}

export interface SignInView extends FormFrame {
  /** The application that asks, so that the person knows why they are here. */
  readonly application?: string | undefined;
  readonly problem?: SignInProblem | undefined;
  /** What was typed as the login, kept after a failed try. */
  readonly login?: string | undefined;
  /** A form that was posted by nobody; it goes out as the hidden field `kept` and is shown again afterwards. */
  readonly kept?: string | undefined;
  /** Shown above the form; for demonstrations only. */
  readonly hint?: { readonly login: string; readonly password: string } | undefined;
  /** Where a stranger makes an account; absent, they cannot. */
  readonly signUpPath?: string | undefined;
  /** Whom to ask about a forgotten password, as a sentence of the operator; the default names the platform. */
  readonly passwordHelp?: string | undefined;
}

export type SignInProblem =
  | { readonly kind: "wrongLoginOrPassword" }
  | { readonly kind: "tooManyTries"; readonly waitSeconds: number }
  | { readonly kind: "formExpired" }
  /** A form was sent whose person is signed out by now. */
  | { readonly kind: "signedOut" };

/** Fields: `decision` (`decline`, `approve`; `switch` in a form of its own), `scope` per ticked optional scope, `form`. */
export interface ConsentView extends SignedInFrame {
  readonly application: AskingApplication;
  readonly redirectUri: string;
  readonly scopes: readonly ScopeChoice[];
  readonly resources?: readonly string[] | undefined;
  /** A value that dates this form; it goes out as the hidden field `form`, with "use another account" too. */
  readonly form: string;
  /** Why the page is shown once more. */
  readonly problem?: "formExpired" | "userChanged" | undefined;
  /** Whether another account can be taken from here; true unless given. */
  readonly canSwitch?: boolean | undefined;
}

export interface AskingApplication {
  readonly name: string;
  /** Login of the developer who registered it; absent when the operator did. */
  readonly owner?: string | undefined;
  /** A developer registered it whose account is no more. */
  readonly ownerIsGone?: boolean | undefined;
  readonly type: ApplicationType;
  readonly verified?: boolean | undefined;
}

export type ApplicationType = "confidential" | "public";

/** A scope in words. */
export interface ScopeView {
  readonly name: string;
  readonly description: string;
  /** Lets an application change things or see what is private. */
  readonly sensitive?: boolean | undefined;
}

export interface ScopeChoice extends ScopeView {
  /** The person allowed it before; listed apart. */
  readonly granted?: boolean | undefined;
  /** The person may untick it; it arrives ticked, as field `scope` with the scope's name. */
  readonly optional?: boolean | undefined;
}

export interface ErrorView extends Frame {
  readonly status: ErrorStatus;
  /** What happened, where more is known than the status says. */
  readonly reason?: ErrorReason | undefined;
  /** With 429 and 503: when another try makes sense. */
  readonly waitSeconds?: number | undefined;
  /** For the developer of the application: names and values as received. */
  readonly details?: readonly { readonly name: string; readonly value: string }[] | undefined;
  /** For the developer: where the redirect URI sent parts from the nearest registered one. */
  readonly redirectUriDiffersIn?: UriPart | undefined;
  /** An address of the application to go back to; its host is shown, and only http(s) becomes a link. */
  readonly backTo?: string | undefined;
}

export type ErrorStatus = 400 | 403 | 404 | 405 | 413 | 429 | 500 | 503;

export type ErrorReason =
  | "badRequest"
  | "unreadableForm"
  | "unknownApplication"
  | "applicationDisabled"
  | "redirectUriMissing"
  | "redirectUriMismatch"
  | "repeatedParameter"
  /** The application's request is wrong and its target is known, but nobody is signed in (RFC 9700, 4.11.2). */
  | "requestRefused"
  | "resetLinkDead"
  /** Two cookies under our session's name. */
  | "twoSessions"
  | "formExpired"
  | "foreignForm"
  | "forbidden"
  | "notFound"
  | "methodNotAllowed"
  | "tooLarge"
  | "tooMany"
  | "serverError"
  | "unavailable";

export interface FinishedView extends Frame {
  /** Path and query of the authorize request, to start it again. */
  readonly startAgainPath: string;
}

/** Fields: `action=disconnect` with `application`; `action=register` with `name`, `redirect_uri`, `type`. */
export interface ConnectionsView extends SignedInFrame {
  readonly now: number;
  readonly connections: readonly ConnectionView[];
  /** Path of the next page of connections, when not all are shown. */
  readonly moreConnectionsPath?: string | undefined;
  readonly ended: readonly EndedView[];
  readonly applications: readonly OwnApplicationView[];
  /** The form to register an application; absent, none is shown. */
  readonly registration?: RegistrationView | undefined;
  /** What the person just did. */
  readonly done?:
    | { readonly kind: "disconnected"; readonly name: string }
    | { readonly kind: "formExpired" | "keptForm" }
    | undefined;
}

export interface ConnectionView {
  /** Sent back as the field `application`. */
  readonly applicationId: string;
  readonly name: string;
  readonly owner?: string | undefined;
  readonly scopes: readonly ScopeView[];
  readonly since: number;
  /** Known to the day. */
  readonly lastUsedAt?: number | undefined;
}

export interface EndedView {
  readonly name: string;
  readonly at: number;
  readonly why: EndedWhy;
}

export type EndedWhy =
  | "disconnect"
  | "theft"
  | "replay"
  | "password"
  | "user"
  | "application"
  | "key"
  | "operator"
  | "expiry"
  | "revoke";

/** One of the reader's own applications. Fields of each form: `action`, `form`, and those of the action. */
export interface ApplicationView extends SignedInFrame {
  readonly now: number;
  /** Dates the forms: what was changed since is not done twice. */
  readonly form: string;
  readonly application: {
    readonly name: string;
    readonly clientId: string;
    readonly type: ApplicationType;
    readonly createdAt: number;
    readonly disabled: boolean;
    /** Disabled by the developer, who may enable it again, and not by the operator. */
    readonly mayEnable: boolean;
    /** When its secrets were made, and until when they are good; newest first. */
    readonly secrets: readonly { readonly createdAt: number; readonly expiresAt?: number | undefined }[];
  };
  readonly users: { readonly count: number; readonly isMore: boolean };
  readonly values: ApplicationValues;
  readonly errors?:
    | {
        readonly name?: string | undefined;
        readonly redirectUris?: string | undefined;
        readonly category?: string | undefined;
        readonly form?: string | undefined;
      }
    | undefined;
  /** The switch is offered: the application has a secret, and some address here wants PKCE of it. */
  readonly offersPkceSwitch: boolean;
  /** Path and query of an authorize request with a fresh state; absent for an application that sends nobody anywhere. */
  readonly tryPath: string | undefined;
  readonly howToPath: string;
  readonly outcomes: readonly OutcomeView[];
  readonly rememberedSince: number;
  readonly done?:
    | {
        readonly kind:
          | "changed"
          | "disabled"
          | "enabled"
          | "formExpired"
          | "keptForm"
          | "alreadyRotated"
          | "notConfirmed"
          | "operatorsOff";
      }
    | undefined;
}

export interface ApplicationValues {
  readonly name: string;
  /** One a line. */
  readonly redirectUris: string;
  readonly category?: string | undefined;
  readonly pkceIsOptional?: boolean | undefined;
}

export interface OutcomeView {
  /** The last time. */
  readonly at: number;
  /** How often the very same happened. */
  readonly count: number;
  readonly kind: OutcomeKind;
  /** As the application was told it. */
  readonly code?: string | undefined;
  /** For the developer, in the words of the log. */
  readonly detail?: string | undefined;
  readonly part?: UriPart | undefined;
}

export type OutcomeKind =
  | "approved"
  | "redeemed"
  | "declined"
  | "redirectUri"
  | "code"
  | "codeChallenge"
  | "secret"
  | "scope"
  | "refreshToken"
  | "other";

/** A client secret that takes the place of another; shown this once. */
export interface SecretRotatedView extends Frame {
  readonly now: number;
  readonly application: { readonly name: string; readonly clientId: string };
  readonly clientSecret: string;
  /** Until when the one before is good; absent, it is dead. */
  readonly oldUntil?: number | undefined;
}

export interface OwnApplicationView {
  readonly name: string;
  readonly clientId: string;
  readonly type: ApplicationType;
  readonly redirectUris: readonly string[];
  readonly createdAt: number;
  readonly disabled?: boolean | undefined;
  /** Path of the application's own page, once there is one. */
  readonly path?: string | undefined;
}

export interface RegistrationView {
  /** What was typed, kept after an error. */
  readonly values?:
    | {
        readonly name?: string | undefined;
        /** One a line. */
        readonly redirectUri?: string | undefined;
        readonly type?: ApplicationType | undefined;
        readonly category?: string | undefined;
        readonly pkceIsOptional?: boolean | undefined;
      }
    | undefined;
  /** Some address here wants PKCE of applications with a secret, unless they say otherwise. */
  readonly offersPkceSwitch?: boolean | undefined;
  /** One sentence per field that needs another value. */
  readonly errors?:
    | {
        readonly name?: string | undefined;
        readonly redirectUri?: string | undefined;
        readonly type?: string | undefined;
        readonly category?: string | undefined;
        /** About the whole form, for instance a limit reached or a form too old. */
        readonly form?: string | undefined;
      }
    | undefined;
}

export interface ApplicationCreatedView extends Frame {
  readonly application: {
    readonly name: string;
    readonly clientId: string;
    readonly type: ApplicationType;
    readonly redirectUris: readonly string[];
  };
  /** Shown this once. Absent for a public application. */
  readonly clientSecret?: string | undefined;
  /** The authorize endpoint with this application's values filled in. */
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
}

/** Fields: `password`. */
export interface PasswordResetView extends Frame {
  readonly login: string;
  readonly problem?: "tooShort" | "tooLong" | "formExpired" | undefined;
  readonly minimumLength: number;
}

/** Fields: `login`, `password`. */
export interface SignUpView extends FormFrame {
  readonly login?: string | undefined;
  readonly errors?:
    | {
        readonly login?: string | undefined;
        readonly password?: string | undefined;
        readonly form?: string | undefined;
      }
    | undefined;
  readonly problem?: FormProblem | undefined;
  readonly minimumLength: number;
  /** Back to signing in with an account that is there. */
  readonly signInPath: string;
}

export type FormProblem =
  | { readonly kind: "formExpired" }
  | { readonly kind: "tooManyTries"; readonly waitSeconds: number };

/** Fields: `action=end` with `session`; `action=end_others`. */
export interface SessionsView extends SignedInFrame {
  readonly now: number;
  readonly sessions: readonly SessionView[];
  readonly done?: { readonly kind: "ended" | "passwordChanged" | "formExpired" } | undefined;
}

export interface SessionView {
  /** Sent back as the field `session`. */
  readonly id: string;
  readonly label?: string | undefined;
  readonly since: number;
  /** The one that looks at the page. */
  readonly isThis: boolean;
}

/** Fields: `current_password`, `new_password`, and `keep=grants` if ticked. */
export interface PasswordChangeView extends SignedInFrame {
  readonly errors?: { readonly current?: string | undefined; readonly new?: string | undefined } | undefined;
  readonly problem?: FormProblem | undefined;
  readonly keepsGrants?: boolean | undefined;
  readonly minimumLength: number;
}

export interface PasswordResetDoneView extends Frame {
  readonly login: string;
}

export interface ScopesView extends Frame {
  readonly groups: readonly {
    readonly title: string;
    readonly about?: string | undefined;
    readonly scopes: readonly ScopeView[];
  }[];
}

/** The how-to for developers, with this server's values and, where they are known, the reader's own. */
export interface HowToView extends Frame {
  readonly now: number;
  /** The application whose values are filled in; absent, there are placeholders. */
  readonly application?: { readonly name: string; readonly type: ApplicationType } | undefined;
  /** The reader's other applications, to fill in instead. */
  readonly others: readonly { readonly name: string; readonly path: string }[];
  /** Where a stranger signs in to have their own values filled in. */
  readonly signInPath?: string | undefined;
  readonly endpoints: readonly { readonly kind: HowToEndpoint; readonly url: string }[];
  readonly authorizeUrl: string;
  readonly parameters: readonly { readonly kind: HowToParameter; readonly name: string }[];
  /** Addresses of the application that a browser comes back to. */
  readonly approvedUrl: string;
  readonly declinedUrl: string;
  /** As the server writes it. */
  readonly tokenResponse: string;
  readonly codeLifetimeSeconds: number;
  readonly accessTokenLifetimeSeconds: number;
  readonly refreshCommand: string;
  readonly revokeCommand: string;
  readonly refusals: readonly { readonly kind: HowToRefusal; readonly answer: string }[];
  /** Whole programs, each in a language of its own. */
  readonly snippets: readonly { readonly title: string; readonly command: string; readonly code: string }[];
}

export type HowToEndpoint = "authorize" | "token" | "revoke" | "validate" | "metadata";

export type HowToParameter =
  | "responseType"
  | "clientId"
  | "redirectUri"
  | "scope"
  | "state"
  | "codeChallenge"
  | "forceConsent"
  | "prompt";

export type HowToRefusal = "declined" | "scope" | "code" | "secret" | "refreshToken";

export interface HomeView extends Frame {
  /** Addresses a developer needs: name in words, URL. */
  readonly endpoints?: readonly { readonly name: string; readonly url: string }[] | undefined;
  /** Further pages of documentation; the scopes page is always linked. */
  readonly docs?: readonly { readonly title: string; readonly path: string }[] | undefined;
}

export type SignedOutView = Frame;

/** Fields: `user_code`. */
export interface DeviceView extends FormFrame {
  /** What was typed, or came in the address. */
  readonly userCode?: string | undefined;
  readonly problem?: DeviceProblem | undefined;
}

export type DeviceProblem =
  | { readonly kind: "unknownCode" }
  | { readonly kind: "tooManyTries"; readonly waitSeconds: number }
  | { readonly kind: "formExpired" };

/** Fields as on the consent page. */
export interface DeviceConsentView extends SignedInFrame {
  readonly application: AskingApplication;
  /** The code as the device shows it, for the person to compare. */
  readonly userCode: string;
  readonly scopes: readonly ScopeChoice[];
  readonly resources?: readonly string[] | undefined;
  readonly form: string;
  readonly problem?: "formExpired" | "userChanged" | undefined;
}

export interface DeviceDoneView extends Frame {
  readonly application: string;
  readonly outcome: "approved" | "declined";
}
