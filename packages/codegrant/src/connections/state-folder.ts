import { homedir } from "node:os";
import path from "node:path";

/** Where connections lie: `$XDG_STATE_HOME/codegrant`, usually `~/.local/state/codegrant`. */
export function findStateFolder(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): string {
  const named = env["XDG_STATE_HOME"];
  // A relative one is to be ignored (XDG Base Directory Specification).
  const base = named !== undefined && path.isAbsolute(named) ? named : path.join(home, ".local", "state");
  return path.join(base, "codegrant");
}
