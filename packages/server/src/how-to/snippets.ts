import { curlSnippet } from "./curl.ts";
import { addressToListen, type HowToFacts } from "./facts.ts";
import { phpSnippet } from "./php.ts";
import { pythonSnippet } from "./python.ts";
import { typescriptSnippet } from "./typescript.ts";
import { kitSnippet } from "./typescript-with-kit.ts";

/** A whole program that gets a token from this very server. */
export interface Snippet {
  readonly title: string;
  /** What to type to run it. */
  readonly command: string;
  readonly code: string;
}

export function snippetsOf(facts: HowToFacts): readonly Snippet[] {
  const secret = facts.hasSecret ? "CLIENT_SECRET=… " : "";
  return [
    { title: "curl", command: `${secret}sh connect.sh`, code: curlSnippet(facts) },
    { title: "TypeScript, @codegrant/client", command: `${secret}node connect.ts`, code: kitSnippet(facts) },
    { title: "TypeScript", command: `${secret}node connect.ts`, code: typescriptSnippet(facts) },
    {
      title: "PHP",
      command: `${secret}php -S ${addressToListen(facts.redirectUri)} connect.php`,
      code: phpSnippet(facts),
    },
    { title: "Python", command: `${secret}python3 connect.py`, code: pythonSnippet(facts) },
  ];
}
