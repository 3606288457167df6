import { type Demo, startDemo } from "./demo.ts";
import { createDemoFolder } from "./demo-folder.ts";
import { createNarrator, type Narrator } from "./narrator.ts";
import { openInBrowser } from "./open-in-browser.ts";
import { playUser } from "./robot.ts";

/**
 * What `npm start` shows: a platform, an application, and each message between them and the user. `--yes` and
 * `--decline` play the user's part too and end: 0 with a token response on stdout, or 2, as an application sees a no.
 */
async function main(args: readonly string[]): Promise<number> {
  const decision = readDecision(args);
  if (decision === "help") return say(help);
  if (typeof decision === "object") return say(`${decision.problem}\n${help}`, 1);
  // A program reads stdout then, so the drawing goes to stderr.
  const narrator = createNarrator(decision === "ask" ? process.stdout : process.stderr);
  const folder = createDemoFolder();
  const stopped = untilStopped();
  const demo = await startDemo({ folder, narrator, userIsPlayed: decision !== "ask" });
  narrator.introduce(demo);
  try {
    return decision === "ask" ? await showPerson(demo, narrator, stopped) : await play(demo, narrator, decision);
  } finally {
    await demo.close();
  }
}

type Decision = "ask" | "approve" | "decline" | "help" | { readonly problem: string };

function readDecision(args: readonly string[]): Decision {
  const unknown = args.find((arg) => !known.has(arg));
  if (unknown !== undefined) return { problem: `"${unknown}" is not known here. This is:` };
  if (args.includes("--help") || args.includes("-h")) return "help";
  if (args.includes("--yes") && args.includes("--decline")) return { problem: "Give --yes or --decline, not both:" };
  return args.includes("--yes") ? "approve" : args.includes("--decline") ? "decline" : "ask";
}

const known: ReadonlySet<string> = new Set(["--yes", "--decline", "--help", "-h"]);

async function showPerson({ applicationUrl }: Demo, narrator: Narrator, stopped: Promise<void>): Promise<number> {
  const opened = await openInBrowser(applicationUrl);
  narrator.say(
    `${opened ? "Your browser opens" : "Open"} ${applicationUrl} and press "Connect". Ctrl-C ends the demo.`,
  );
  await stopped;
  narrator.say("Stopped. The demo's files are gone.");
  return 0;
}

async function play(demo: Demo, narrator: Narrator, decision: "approve" | "decline"): Promise<number> {
  const { login, password } = demo.user;
  await playUser({ startUrl: demo.applicationUrl, login, password, decision, onStep: narrator.draw });
  const outcome = demo.lastOutcome();
  if (outcome?.status === "approved") {
    narrator.say("The application holds a token. This is the whole response:");
    process.stdout.write(`${JSON.stringify(outcome.tokens, null, 2)}\n`);
    return 0;
  }
  if (outcome?.status === "declined") {
    narrator.say(`The application sees ${outcome.error.message}. ${outcome.error.hint}`);
    return 2;
  }
  throw new Error("The flow ended without an answer.");
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    // npm passes Ctrl-C on to us although the terminal has told us already, so a second one means nothing.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}

function say(text: string, exitCode = 0): number {
  process.stderr.write(text);
  return exitCode;
}

const help = `npm start               a platform and an application to try in your browser
npm start -- --yes      plays the user too: approves, prints the token response, exits 0
npm start -- --decline  plays the user too: says no, exits 2
`;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1); // whatever is still open
}
