import type { LogEntry } from "@codegrant/server";
import type { Step } from "./step.ts";

/** Draws the flow in a terminal: one numbered step per message, who to whom, and what it carries. */
export interface Narrator {
  introduce(parties: Parties): void;
  draw(this: void, step: Step): void;
  /** Turns what the platform logs into the steps that only it has seen. */
  hear(entry: LogEntry, options: { readonly userIsPlayed: boolean }): void;
  say(this: void, sentence: string): void;
}

export interface Parties {
  readonly platformUrl: string;
  readonly applicationUrl: string;
  readonly user: { readonly login: string; readonly password: string };
}

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export function createNarrator(screen: Screen, env: NodeJS.ProcessEnv = process.env): Narrator {
  const ink = createInk(screen.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb");
  let count = 0;
  const line = (text = ""): void => void screen.write(`${text}\n`);
  const draw = (step: Step): void => {
    count += 1;
    for (const text of formatStep(step, count, ink)) line(text);
  };
  return {
    introduce({ platformUrl, applicationUrl, user }) {
      line();
      line(`  ${ink.strong("The authorization code grant, step by step")}`);
      line();
      line(`  platform      ${platformUrl}   speaks as Twitch does`);
      line(`  application   ${ink.strong(applicationUrl)}`);
      line(`  sign in as    ${ink.strong(user.login)}   password  ${ink.strong(user.password)}`);
      line(`  ${ink.faint("Secrets are shown as fingerprints: ~ and the first eight characters of their SHA-256.")}`);
      line();
    },
    draw,
    hear(entry, { userIsPlayed }) {
      if (entry.level !== "info") line(`  ${ink.alarm("!")}  ${formatTrouble(entry)}`);
      else if (!userIsPlayed && Object.hasOwn(heardSteps, entry.event)) {
        const step = heardSteps[entry.event]?.(entry);
        if (step) draw(step);
      }
    },
    say(sentence) {
      line();
      line(`  ${sentence}`);
      line();
    },
  };
}

/** What a person's browser says to the platform, which nobody else hears. */
const heardSteps: Readonly<Record<string, (entry: LogEntry) => Step>> = {
  "user.signedIn": () => ({ from: "browser", to: "platform", method: "POST", what: "the user signs in" }),
  "user.signInRefused": () => ({
    from: "browser",
    to: "platform",
    method: "POST",
    what: "the user gives a login or password that is wrong, and is asked again",
  }),
  "consent.approved": ({ detail }) => ({
    from: "browser",
    to: "platform",
    method: "POST",
    what: `the user approves${detail ? `: ${detail}` : ""}`,
  }),
  "consent.declined": () => ({ from: "browser", to: "platform", method: "POST", what: "the user says no" }),
  "code.issued": () => ({
    from: "platform",
    to: "browser",
    status: 303,
    what: "back to the application, with a code that is good once and for a minute",
  }),
};

function formatTrouble({ event, detail, reason, cause }: LogEntry): string {
  const why = detail ?? reason ?? (cause instanceof Error ? cause.message : undefined);
  return `the platform reports ${event}${why === undefined ? "" : `: ${why}`}`;
}

// --- one step

const nameWidth = "application".length;
const indent = " ".repeat(4 + 2 + nameWidth + 3 + nameWidth + 2);

function formatStep(step: Step, count: number, ink: Ink): string[] {
  const { from, to, method, url, status } = step;
  const way = `${ink.party(from, from.padEnd(nameWidth))} ${ink.faint("→")} ${ink.party(to, to.padEnd(nameWidth))}`;
  const { address, fields } = splitAddress(url);
  const said = readWhat(step.what);
  const message = [method ?? status, address].filter((part) => part !== undefined).join(" ");
  const below = [message, said.header, ...formatFields([...fields, ...said.fields], ink)];
  return [
    `${String(count).padStart(4)}  ${way}  ${ink.strong(visible(said.sentence))}`,
    ...below.filter((text) => text !== "").map((text) => indent + text),
    "",
  ];
}

type Fields = readonly (readonly [name: string, value: string])[];

function splitAddress(url: string | undefined): { readonly address: string | undefined; readonly fields: Fields } {
  const [address, query = ""] = url?.split("?", 2) ?? [];
  return { address, fields: [...new URLSearchParams(query)] };
}

interface What {
  readonly sentence: string;
  readonly header: string;
  readonly fields: Fields;
}

/** A sentence, or a message's own fields as `name=value name=value`, perhaps after its `Authorization` header. */
function readWhat(what: string): What {
  const starts = [...what.matchAll(/(?:^| )([a-z_]+)=/g)];
  const fields = starts.map((start, index): readonly [string, string] => {
    const end = starts[index + 1]?.index ?? what.length;
    return [start[1] ?? "", what.slice(start.index + start[0].length, end)];
  });
  const text = what.slice(0, starts[0]?.index ?? what.length).trim();
  const header = text.startsWith("Authorization: ") ? visible(text) : "";
  const names = new Set(fields.map(([name]) => name));
  const sentence = header === "" && text !== "" ? text : sentences.find(({ fits }) => fits(names, header))?.sentence;
  return { sentence: sentence ?? "the answer", header, fields };
}

/** What messages mean that say it by their fields alone; the first that fits. */
const sentences: readonly { fits(names: ReadonlySet<string>, header: string): boolean; readonly sentence: string }[] = [
  { fits: (_, header) => header !== "", sentence: "a request on the user's behalf, with the token" },
  { fits: (names) => names.has("grant_type"), sentence: "the application exchanges the code; no browser sees this" },
  { fits: (names) => names.has("access_token"), sentence: "the tokens, and the scopes the user granted" },
];

function formatFields(fields: Fields, ink: Ink): string[] {
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${ink.faint(name.padEnd(width))}  ${visible(value)}`);
}

/** Values come from outside; none may steer the terminal. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
}

// --- colour

interface Ink {
  strong(text: string): string;
  faint(text: string): string;
  alarm(text: string): string;
  party(name: string, text: string): string;
}

function createInk(hasColour: boolean): Ink {
  const paint = (code: number) => (text: string) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const parties: Readonly<Record<string, (text: string) => string>> = {
    browser: paint(36),
    application: paint(32),
    platform: paint(35),
  };
  return {
    strong: paint(1),
    faint: paint(2),
    alarm: paint(31),
    party: (name, text) => parties[name]?.(text) ?? text,
  };
}
