import type {
  ApplicationType,
  EndedWhy,
  ErrorReason,
  HowToEndpoint,
  HowToParameter,
  HowToRefusal,
  OutcomeKind,
  UriPart,
} from "../views.ts";
import { type Phrase, phrase } from "./phrase.ts";

const reasons: Record<ErrorReason, ErrorWords> = {
  badRequest: {
    title: "This link does not work",
    what: () => "The address that brought you here is incomplete or was changed on its way.",
    todo: () => "Go back to the application and start again from there.",
  },
  unreadableForm: {
    title: "We could not read that",
    what: () =>
      "What was sent holds a character that no keyboard types, perhaps copied along unseen. Nothing was done.",
    todo: () => "Go back, type it by hand, and send it once more.",
  },
  unknownApplication: {
    title: "We do not know this application",
    what: (platform) => `The application that sent you here is not registered with ${platform}, or no longer is.`,
    todo: () => "If you make this application, compare its client id with the one on your Connections page.",
  },
  applicationDisabled: {
    title: "This application is switched off",
    what: (platform) => `It cannot ask for access to ${platform} accounts at the moment.`,
    todo: () => "If you make this application, its own page under Connections says who switched it off.",
  },
  redirectUriMissing: {
    title: "Where should we send you back to?",
    what: () => "The application did not say which address you should return to, so we stopped here.",
    todo: () => "If you make this application, send the registered redirect_uri with every request.",
  },
  redirectUriMismatch: {
    title: "We stopped here to keep you safe",
    what: () => "The application asked us to send you to an address that is not registered for it.",
    todo: () => "If you make this application, register exactly this redirect URI, or send one that is registered.",
  },
  repeatedParameter: {
    title: "This request says two things at once",
    what: () => "The application sent the same value more than once, so we cannot tell which one it means.",
    todo: () => "If you make this application, send each parameter once.",
  },
  requestRefused: {
    title: "We could not do what the application asked",
    what: (platform) => `Its request is not one that ${platform} can answer.`,
    todo: () => "You can go back and try again from there.",
  },
  resetLinkDead: {
    title: "This link is no longer good",
    what: () => "A link to set a new password works once, and only for an hour.",
    todo: () => "Ask whoever gave it to you for a new one.",
  },
  twoSessions: {
    title: "Your browser sent two sign-ins at once",
    what: () => "We got two cookies of the same name and cannot tell which one is yours.",
    todo: () => "Delete the cookies of this site, then try again.",
  },
  formExpired: {
    title: "This form is too old",
    what: () => "It was opened too long ago, or before you signed in as somebody else. Nothing was changed.",
    todo: () => "Go back, reload the page and send it once more.",
  },
  foreignForm: {
    title: "This form came from somewhere else",
    what: (platform) => `It was not sent from a page of ${platform}, so we did nothing.`,
    todo: () => "Open the page here and send it yourself.",
  },
  forbidden: {
    title: "This is not yours to open",
    what: () => "The account you are signed in with may not do this.",
    todo: () => "If it should, sign in with another account.",
  },
  notFound: {
    title: "There is nothing here",
    what: () => "The address may be mistyped, or the page has moved.",
    todo: () => "Check the address, or begin at the start page.",
  },
  methodNotAllowed: {
    title: "This page cannot be used that way",
    what: () => "The address exists, but not for this kind of request.",
    todo: () => "Go back and follow the link or the form again.",
  },
  tooLarge: {
    title: "That was too much at once",
    what: () => "What was sent is larger than anything this page needs.",
    todo: () => "Send less, or go back and start again.",
  },
  tooMany: {
    title: "A little slower, please",
    what: () => "There were too many tries in a short time.",
    todo: () => "Wait a moment, then try again.",
  },
  serverError: {
    title: "Something went wrong on our side",
    what: () => "It was not your doing, and it has been noted.",
    todo: (platform) => `Try again. If it stays, tell the people who run ${platform} the request number below.`,
  },
  unavailable: {
    title: "We are busy right now",
    what: () => "More is going on here than we can answer at this moment. Nothing was lost.",
    todo: () => "Try again in a little while.",
  },
};

/**
 * Every sentence of the pages, in English. Another language is one more file of type `Words`.
 *
 * Values arrive as `Phrase` where they carry markup, as `string` where the place takes text only (titles, attributes).
 */
export const en = {
  lang: "en",
  dir: "ltr" as "ltr" | "rtl",

  frame: {
    title: (page: string, platform: string) => `${page} · ${platform}`,
    titleWithProblem: (page: string) => `Problem: ${page}`,
    skipToContent: "Skip to content",
    home: (platform: string) => `${platform}, start page`,
    navigation: "Main",
    connections: "Connections",
    scopes: "Scopes",
    signOut: "Sign out",
    account: "Your account",
    requestId: (id: Phrase) => phrase`Request ${id}`,
    person: (name: Phrase, login: Phrase) => phrase`${name} (${login})`,
  },

  time: {
    justNow: "just now",
    lasting: (seconds: number) =>
      seconds >= 2 * 86_400
        ? counted(Math.floor(seconds / 86_400), "day")
        : seconds >= 2 * 3_600
          ? counted(Math.floor(seconds / 3_600), "hour")
          : seconds >= 120
            ? counted(Math.floor(seconds / 60), "minute")
            : counted(seconds, "second"),
    wait: (seconds: number) => (seconds < 90 ? counted(seconds, "second") : counted(Math.ceil(seconds / 60), "minute")),
  },

  form: {
    expired:
      "This form was open for too long, so nothing was done. Please try once more. If you see this again, let your browser keep cookies for this site.",
    kept: (link: (text: Phrase) => Phrase) =>
      phrase`You are signed in again, and what you typed is still here. ${link("Look it over")}, then send it.`,
    summary: (count: number) => (count === 1 ? "One field needs another look" : `${count} fields need another look`),
    tooManyTries: (wait: string) => `That was one try too many. Please wait ${wait}, then try again.`,
  },

  signIn: {
    title: "Sign in",
    titleAgain: "Confirm it is you",
    continueTo: (application: Phrase) => phrase`to continue to ${application}`,
    continueOn: (platform: string) => `with your ${platform} account`,
    again: "Please enter your password once more.",
    login: "Login",
    password: "Password",
    submit: "Sign in",
    hint: (login: Phrase, password: Phrase) =>
      phrase`This is a demonstration: sign in as ${login} with password ${password}.`,
    wrongLoginOrPassword: "Login and password do not match. Check both and try again.",
    signedOut: "You were signed out meanwhile, so nothing was done. Sign in, then try once more.",
    signedOutKept:
      "You were signed out meanwhile, so nothing was done. Sign in, and what you typed stands there again for you to send.",
    noAccount: "No account yet?",
    signUp: "Make one",
    forgotten: "Forgotten your password?",
    askOperator: (platform: string) => `Ask the people who run ${platform} for a link to set a new one.`,
  },

  consent: {
    title: "Allow access?",
    wants: (application: Phrase, platform: string) => phrase`${application} wants to use your ${platform} account`,
    owner: (login: Phrase) => phrase`Registered by ${login}`,
    ownerIsGone: "Registered by somebody whose account is no more",
    ownerIsPlatform: (platform: string) => `Registered by the people who run ${platform}`,
    verified: (platform: string) => `Verified by ${platform}`,
    notVerified: (platform: string) => `Not verified by ${platform}`,
    aboutType: {
      confidential: "",
      public: "It runs on a device or in a browser, so it cannot prove that it is the real one.",
    } satisfies Record<ApplicationType, string>,
    signedInAs: "Signed in as",
    useAnother: "Not you? Use another account",
    ask: "It asks to:",
    askNew: "New, it asks to:",
    askNothing: "It asks only to know that you approved. It cannot see or change anything of yours.",
    askNothingNew: "It asks for nothing new.",
    optional: "Only if you like:",
    optionalHint: "Untick what you would rather not allow.",
    granted: "You already allow it to:",
    sensitive: "Sensitive",
    resources: "To be used at:",
    returnToSite: (host: Phrase) => phrase`Then you go back to ${host}.`,
    returnToDevice: (host: Phrase) => phrase`Then you go back to an application on this device (${host}).`,
    onlyIfYou:
      "Approve only if you came here from this application yourself. You can take it back at any time under Connections.",
    decline: "Decline",
    approve: "Approve",
    formExpired: "This page was open for too long, so nothing was decided. Please look again and decide once more.",
    userChanged: "Another account has signed in since, so nothing was decided. Please check who is signed in.",
  },

  device: {
    title: "Connect a device",
    lead: "Enter the code that your device shows.",
    userCode: "Code",
    submit: "Continue",
    unknownCode: "This code is not known or no longer good. Check it, or let your device show a new one.",
    compare: "Is this the code on your device?",
    onlyIfYou:
      "Approve only if you started this yourself and your device shows this very code. Nobody from here will ever ask you to enter one.",
    after: "Then your device goes on by itself.",
    approvedTitle: "Your device is connected",
    approved: (application: Phrase) => phrase`${application} goes on by itself now. You can close this page.`,
    declinedTitle: "Nothing was shared",
    declined: (application: Phrase) => phrase`You declined, so ${application} gets no access. You can close this page.`,
  },

  error: {
    status: (status: number) => `Error ${status}`,
    waitFor: (wait: string) => `Please try again in ${wait}.`,
    toHome: (platform: string) => `Start page of ${platform}`,
    backTo: (host: Phrase) => phrase`Go back to ${host}`,
    details: "Details for developers",
    differs: (part: Phrase) =>
      phrase`The redirect URI sent is not the registered one: it differs in ${part}. They are compared byte for byte.`,
    part: {
      scheme: "the scheme",
      host: "the host",
      port: "the port",
      path: "the path",
      trailingSlash: "the slash at its end",
      query: "the query",
      fragment: "the fragment",
    } satisfies Record<UriPart, string>,
    reasons,
  },

  finished: {
    title: "This is already done",
    what: "You have answered this request before. It counts once, so nothing happened this time.",
    startAgain: "Ask again from the beginning",
    toConnections: "See your connections",
  },

  connections: {
    title: "Connections",
    lead: (platform: string) => `Applications that may act for you on ${platform}, and those you make yourself.`,
    disconnected: (name: Phrase) => phrase`${name} is disconnected. All its access ended just now.`,
    approvedTitle: "Applications you approved",
    none: "No application has access to your account.",
    by: (owner: Phrase) => phrase`by ${owner}`,
    since: (time: Phrase) => phrase`Approved ${time}`,
    lastUsed: (time: Phrase) => phrase`last used ${time}`,
    neverUsed: "not used yet",
    mayNothing: "Only know that you approved.",
    disconnect: (application: Phrase, hidden: (text: Phrase) => Phrase) =>
      phrase`Disconnect${hidden(phrase` ${application}`)}`,
    disconnectHint: "Disconnecting ends an application's access at once, everywhere.",
    more: "Show more",
    endedTitle: "Ended lately",
    ended: (name: Phrase, time: Phrase) => phrase`${name}, ${time}`,
    endedWhy: {
      disconnect: "You disconnected it.",
      theft: "Somebody else used a copy of its access, so we ended it. Connect it again from the application.",
      password: "Your password was changed. Connect it again from the application.",
      application: "The application was removed.",
      key: "A key of this platform was replaced. Connect it again from the application.",
      expiry: "It had not been used for a long time.",
      revoke: "The application gave its access back.",
      replay: "Its code was used twice, so we ended it. Connect it again from the application.",
      user: "Your account was switched off.",
      operator: "The people who run this platform ended it. Connect it again from the application.",
    } satisfies Record<EndedWhy, string>,
    ownTitle: "Your own applications",
    ownNone: "You have not registered any.",
    clientId: "Client id",
    type: "Type",
    redirectUris: "Redirect URIs",
    created: "Registered",
    typeName: { confidential: "Confidential", public: "Public" } satisfies Record<ApplicationType, string>,
    selectAll: "Click to select all of it",
  },

  register: {
    title: "Register an application",
    lead: "For developers: get a client id, and send people here to ask for their approval.",
    howTo: "How to get a token, step by step",
    name: "Name",
    nameHint: "People see it when they are asked to approve.",
    redirectUri: "Redirect URIs",
    redirectUriHint:
      "Where people go back to, exactly as you will send it, for example http://localhost/ (one a line, at most ten)",
    category: "Category",
    categoryHint: "If you like: what kind of application it is.",
    pkce: "PKCE is optional",
    pkceHint: "Only for a library that cannot do PKCE. It needs the secret all the same.",
    type: "Type",
    typeHint: {
      confidential: "Runs on a server and can keep a secret.",
      public: "Runs on people's devices or in a browser. It has no secret and needs PKCE.",
    } satisfies Record<ApplicationType, string>,
    submit: "Register",
  },

  created: {
    title: "Your application is registered",
    lead: (name: Phrase) => phrase`${name} can ask for approval now.`,
    clientId: "Client id",
    clientSecret: "Client secret",
    secretOnce:
      "This secret is shown only once, on this page. Copy it now to where your application keeps its secrets. We cannot show it again.",
    noSecret: "A public application has no secret. Use PKCE (S256) with every request.",
    redirectUris: "Redirect URIs",
    next: "How to go on",
    stepAuthorize: "Send a person's browser to this address, with a state of your own and the scopes you need:",
    stepReturn: "They approve, and come back to your redirect URI with a code and your state.",
    stepToken: "Within a minute, exchange the code with a POST to:",
    toScopes: "See all scopes",
    toConnections: "Back to Connections",
  },

  application: {
    back: "All connections",
    disabledNow: "switched off",
    clientId: "Client id",
    type: "Type",
    registered: "Registered",
    users: "People",
    usersCount: (count: number, isMore: boolean) => (isMore ? `more than ${grouped(count)}` : grouped(count)),
    tryTitle: "Try it",
    tryAbout: "Starts an authorization with your first redirect URI and a fresh state, as your application would.",
    try: "Try it now",
    howTo: "How to get a token with it",
    outcomesTitle: "What happened lately",
    outcomesSince: (time: Phrase) =>
      phrase`This list began ${time}. It is kept in memory, so a restart of the server begins it anew.`,
    outcomeTimes: (count: number, time: Phrase) =>
      count === 1 ? time : phrase`${grouped(count)} times, the last ${time}`,
    outcomesNone: "Nothing yet.",
    outcome: {
      approved: "A person approved; a code went to your redirect URI.",
      redeemed: "Tokens were given.",
      declined: "A person said no.",
      redirectUri: "The redirect URI is not the registered one.",
      code: "The code was not good: used before, too old, or of another application.",
      codeChallenge: "PKCE was missing or did not fit.",
      secret: "The client secret was wrong or missing.",
      scope: "A scope is unknown, or your application may not ask for it.",
      refreshToken: "The refresh token was not good any more.",
      other: "The request was refused.",
    } satisfies Record<OutcomeKind, string>,
    changeTitle: "Change it",
    save: "Save",
    changed: "Saved.",
    secretTitle: "Client secret",
    secretAbout: "Only its hash is kept. If it is lost, or somebody may know it, replace it.",
    secretMade: (time: Phrase) => phrase`Made ${time}`,
    secretUntil: (utc: Phrase) => phrase`good until ${utc}`,
    overlap: "The secret you have now",
    overlapDay: "stays good for one more day, so that your servers can change over",
    overlapNone: "is dead at once, because somebody else may know it",
    rotate: "Replace the secret",
    alreadyRotated:
      "The secret was replaced already, and the new one was shown once. If you missed it, replace it again.",
    rotatedTitle: "The new client secret",
    rotatedLead: (name: Phrase) => phrase`For ${name}. It is good from now on.`,
    oldUntil: (utc: Phrase) => phrase`The one before is good until ${utc}.`,
    oldDead: "The one before is dead.",
    toApplication: "Back to the application",
    offTitle: "Switch it off",
    onTitle: "Switch it on",
    isOffTitle: "Switched off",
    offAbout: "Nobody can connect to it and its tokens rest. You can switch it on again, and they come back.",
    onAbout: "It is switched off: nobody can connect to it and its tokens rest.",
    operatorsOff: (platform: string) =>
      `The people who run ${platform} switched it off: nobody can connect to it and its tokens rest. Ask them about it.`,
    disable: "Switch off",
    enable: "Switch on",
    disabledDone: "It is switched off.",
    enabledDone: "It is switched on.",
    deleteTitle: "Delete it",
    deleteAbout: "Its tokens end at once, for all its people, and nothing brings them back.",
    deleteConfirm: "Yes, delete it for good",
    delete: "Delete",
    notConfirmed: "Nothing was deleted: tick the box first.",
  },

  password: {
    title: "Set a new password",
    lead: "This link works once.",
    login: "Login",
    password: "New password",
    hint: (length: number) =>
      `At least ${length} characters. A few words in a row are easy to remember and hard to guess.`,
    tooShort: (length: number) => `Too short: please use at least ${length} characters.`,
    tooLong: "Too long. Please use a shorter one.",
    submit: "Set password",
    doneTitle: "Your new password is set",
    done: (login: Phrase) => phrase`Sign in as ${login} with the new password. Other browsers have been signed out.`,
    signIn: "Sign in",
  },

  signUp: {
    title: "Make an account",
    lead: (platform: string) => `One account for ${platform} and for the applications you connect to it.`,
    login: "Login",
    loginHint: "2 to 32 letters, digits, _ or -. Everybody can see it.",
    password: "Password",
    submit: "Make account",
    haveOne: "Do you have an account?",
    signIn: "Sign in",
  },

  sessions: {
    title: "Your account",
    lead: "Where you are signed in, and your password.",
    listTitle: "Signed in",
    unknown: "A browser",
    thisOne: "This browser",
    since: (time: Phrase) => phrase`Signed in ${time}`,
    end: (label: Phrase, hidden: (text: Phrase) => Phrase) => phrase`Sign out${hidden(phrase` ${label}`)}`,
    endOthers: "Sign out everywhere else",
    ended: "Done: it is signed out.",
    passwordTitle: "Password",
    passwordAbout: "If somebody may know it, choose a new one: that signs every other browser out.",
    toPassword: "Change password",
    passwordChanged: "Your password is changed, and every other browser is signed out.",
    connections: (link: (text: Phrase) => Phrase) =>
      phrase`What applications may do for you stands under ${link("Connections")}.`,
  },

  changePassword: {
    title: "Change password",
    current: "Current password",
    new: "New password",
    keep: "Let applications keep their access",
    keepHint: "Leave this unticked if somebody else may know your password: applications then ask you again.",
    submit: "Change password",
    back: "Back to your account",
  },

  scopes: {
    title: "Scopes",
    lead: "What an application can ask for, in words. Ask for the least you need: people read this list before they approve.",
    scope: "Scope",
    description: "Allows an application to",
    sensitive: "Sensitive",
    sensitiveMeans: "lets an application change things or see what is private.",
  },

  howTo: {
    title: "Get a token",
    lead: (platform: string) =>
      `How an application gets to act for a person on ${platform}: they say yes once, you receive a code, and exchange it for tokens. This is the authorization code flow of OAuth 2.0.`,
    filledIn: (application: Phrase) => phrase`Everything below is filled in for ${application}.`,
    fillInOther: "Fill in another of yours:",
    placeholders: "Words in capitals stand for your own values.",
    signIn: "Sign in to have them filled in",
    register: "Register an application to have them filled in",
    addresses: "Addresses",
    endpoint: {
      authorize: "Authorize",
      token: "Token",
      revoke: "Revoke",
      validate: "Validate",
      metadata: "All of them, for programs",
    } satisfies Record<HowToEndpoint, string>,
    send: "Send the person here",
    sendWhat: "Open this address in their browser, with a link or a redirect. Never inside a frame.",
    parameter: "Parameter",
    meaning: "Meaning",
    parameters: {
      responseType: "Always “code”.",
      clientId: "Your application. It is no secret.",
      redirectUri: "Where the person comes back to: exactly as you registered it, byte for byte.",
      scope: "What you ask for, separated by spaces. Ask for the least you need: people read it.",
      state: "A random text of yours, different each time, that only this browser knows. It comes back unchanged.",
      codeChallenge:
        "The SHA-256 of a second random text, in base64url. You show that text at the exchange, so a stolen code is worth nothing (PKCE).",
      forceConsent: "Send “true” to ask the person again although they said yes before.",
      prompt: "Send “consent” or “login” to ask the person, or their password, again; “none” to show no page at all.",
    } satisfies Record<HowToParameter, string>,
    seeScopes: "See all scopes",
    take: "Take the answer",
    takeYes: (lifetime: string) =>
      `They come back to your redirect URI. If they said yes, there is a code, good once and for ${lifetime}:`,
    takeNo: "If they said no, there is an error in its place. That is an answer, not a failure: say so kindly.",
    takeState:
      "First compare the state with the one you sent from this browser. If it differs, somebody else began this: stop.",
    exchange: "Exchange the code",
    exchangeWhat: "Your server sends the code to the token address and receives tokens:",
    exchangeKeep: (lifetime: string) =>
      `The access token is good for ${lifetime}. Keep both tokens where only your application can read them: never in a page, an address or a log.`,
    programs: "A whole program",
    programsWhat: "Each does all of the above and handles a no. Take the one in your language.",
    run: "Run it:",
    refresh: "Keep it fresh",
    refreshWhat: "When the access token ends, the refresh token brings a new one, without the person:",
    refreshKeep:
      "The answer may hold a new refresh token. Save it before you use anything of the answer, and refresh from one place at a time: an old refresh token that is used again ends all access, since a thief would do just that.",
    revoke: "Give it back",
    revokeWhat: "When a person leaves your application, end its access here too:",
    refusals: "When it says no",
    refusalAnswer: "Answer",
    refusalDo: "What to do",
    refusal: {
      declined: "The person said no. Go on without, and offer to connect again later.",
      scope: "A scope is unknown here, or your application may not ask for it. Compare it with the list of scopes.",
      code: "The code was used before, is too old, belongs to another application, or the redirect URI differs from the one before. Start again.",
      secret: "The client secret is wrong. If it was replaced lately, take the new one.",
      refreshToken:
        "The access is over: the person disconnected you, or changed their password. Ask them to connect again.",
    } satisfies Record<HowToRefusal, string>,
    refusalsMore: "Your Connections page shows the last refusals of your applications, and what was wrong with each.",
  },

  home: {
    title: "Start page",
    heading: "Let applications act for you, only as far as you allow",
    lead: (platform: string) =>
      `${platform} asks you before an application may use your account, shows what you approved, and lets you take it back whenever you like.`,
    signedInAs: (person: Phrase) => phrase`You are signed in as ${person}.`,
    connections: "See which applications may act for you, disconnect them, or register your own.",
    scopes: "What applications can ask for, in plain words.",
    developers: "For developers",
    developersLead: "This is an OAuth 2.0 authorization server. Point your application at these addresses:",
    docs: "Read on",
    howTo: "How to get a token, step by step, with programs to copy.",
  },

  signedOut: {
    title: "You are signed out",
    what: "This browser no longer has access to your account. Applications you approved keep theirs until you disconnect them.",
    signIn: "Sign in again",
  },
};

/** The shape every language fills. */
export type Words = typeof en;

interface ErrorWords {
  readonly title: string;
  what(platform: string): string;
  todo(platform: string): string;
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
