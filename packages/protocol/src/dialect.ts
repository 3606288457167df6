import type { ErrorReason, KnownErrorCode } from "./error.ts";

/**
 * How a server writes things down, as data: each column is a property that any server could have.
 * The client reads with it, the server speaks with it, and no code asks which dialect it has.
 * A new oddity is a new column with its default in `rfc6749`; a new dialect is `{ ...rfc6749, only the differences }`.
 */
export interface Dialect {
  /** For people and tests; code never compares it. */
  readonly name: string;
  /** A code or token is good only in the family that issued it. */
  readonly family: DialectFamily;
  /** What it calls `client_id`, in addresses and forms. */
  readonly clientIdName: string;
  readonly authorize: {
    /** The `scope` key must be there, though its value may be empty. */
    readonly scopeKeyRequired: boolean;
    /** The redirect repeats the granted scope beside the code. */
    readonly scopeInResponse: boolean;
    /** Every authorization answer names its issuer (RFC 9207). */
    readonly issuerInResponse: boolean;
    /** The parameter that asks for the consent page even if consent is remembered, beside `prompt=consent`. */
    readonly forceConsentParameter: string | undefined;
    /** `prompt=none|login|consent` has a meaning. */
    readonly promptIsRead: boolean;
  };
  /** Pages of public applications may call its endpoints for programs from a browser (CORS). */
  readonly browserOriginsMayCall: boolean;
  readonly redirectUri: {
    /** The port of a loopback redirect URI may differ from the registered one (RFC 8252, 7.3). */
    readonly loopbackPortMayVary: boolean;
    /** The token request must repeat the redirect URI; otherwise it may be left out where PKCE was used. */
    readonly requiredAtToken: boolean;
  };
  readonly pkce: {
    /** Confidential applications need it too, unless registered otherwise. Public ones always do. */
    readonly requiredForConfidential: boolean;
  };
  readonly scope: {
    readonly separator: " " | ",";
    readonly inTokenResponse: "string" | "array";
    /** What the token response calls it. */
    readonly nameInTokenResponse: "scope" | "scopes";
    /** What a token response says when no scope was granted. */
    readonly whenEmpty: "absent" | "empty";
    /** The parameter's name at the device and token endpoints. */
    readonly deviceParameter: "scope" | "scopes";
    /** An application's own token can have scopes (RFC 6749, 4.4.2); otherwise a `scope` sent for one is ignored. */
    readonly inApplicationTokens: boolean;
    /** A refresh may ask for less (RFC 6749, 6); otherwise its `scope` is ignored. */
    readonly narrowsAtRefresh: boolean;
  };
  readonly tokenRequest: {
    /** Where the token endpoint's parameters may stand. One name in two places is refused. */
    readonly sources: readonly ("form" | "multipart" | "query")[];
    readonly clientAuthentication: readonly ("basic" | "post")[];
    /** What a client sends beside every code. */
    readonly besideCode: Readonly<Record<string, string>>;
    /** What any method but POST is told. */
    readonly wrongMethodStatus: 404 | 405;
  };
  readonly revocation: {
    /** Confidential applications prove who they are (RFC 7009, 2.1); otherwise holding the token is proof enough. */
    readonly authenticates: boolean;
    /** A token that is none of the application's is an error; otherwise unknown ones are answered like revoked ones. */
    readonly refusesUnknown: boolean;
    /** The body of the 200 that says it is done. The code alone counts (RFC 7009, 2.2), but some clients parse it. */
    readonly doneBody: string;
  };
  readonly tokenResponse: {
    /** As the wire spells it; `undefined` where the member is left out. */
    readonly tokenType: string | undefined;
    readonly expiresIn: "number" | "absent";
    /** The member that holds the token and what belongs to it, where the top has none. */
    readonly nestedIn: string | undefined;
  };
  readonly device: {
    /** A confidential application proves who it is when it asks for a code (RFC 8628, 3.1), not only when it polls. */
    readonly authenticates: boolean;
    /** The one address given already holds the code (otherwise there is a second one that does). */
    readonly verificationUriCarriesCode: boolean;
    /** The scope is sent again with each poll. */
    readonly scopeAtToken: boolean;
  };
  /** Schemes that carry an access token in the `Authorization` header; the first is the one we send. */
  readonly accessTokenSchemes: readonly string[];
  /** `WWW-Authenticate` where an access token was missing, dead or not enough (RFC 6750, 3); as the wire spells it. */
  readonly accessTokenChallenge: string | undefined;
  readonly error: {
    /** The way to the object that holds the error's members, where they do not stand at the top. */
    readonly nestedIn: readonly (string | number)[] | undefined;
    /** The member names of an error body; `undefined` where the dialect has no such member. */
    readonly members: {
      readonly code: string | undefined;
      readonly description: string | undefined;
      readonly status: string | undefined;
      /** Holds the HTTP reason phrase ("Bad Request"). */
      readonly reasonPhrase: string | undefined;
    };
    /** One list, read both ways: an error to its text when writing, a text to its error when reading. */
    readonly messages: readonly ErrorMessage[];
    /** Codes of its own for what the standard calls otherwise; one list, read both ways like the texts. */
    readonly codes: readonly ForeignErrorCode[];
    /** A 200 may hide an error body. */
    readonly mayHideInSuccess: boolean;
  };
  readonly lifetimes: {
    readonly accessTokenSeconds: number;
    readonly applicationTokenSeconds: number;
    readonly refreshTokenSeconds: number;
    readonly publicRefreshTokenSeconds: number;
  };
}

export type DialectFamily = "rfc6749" | "twitch";

/** A code that only this dialect has. Where two rows mean the same, the first is the one that is written. */
export interface ForeignErrorCode {
  readonly wire: string;
  readonly code: KnownErrorCode;
  readonly reason?: ErrorReason;
}

/** One text a dialect has for an error. `reason` is finer than the RFC's code; see `ErrorReason`. */
export interface ErrorMessage {
  readonly code: KnownErrorCode;
  readonly reason?: ErrorReason;
  readonly message: string;
  readonly status: number;
}
