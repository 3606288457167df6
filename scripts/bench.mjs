// `npm run bench`: our server beside others on this machine. Installs them once; bench/README.md says the rest.
import { spawn } from "node:child_process";
import path from "node:path";
import { ensure, ensurePackagesOf, NotReady, orSentence, root } from "./ensure.mjs";

await orSentence(async () => {
  if (process.platform !== "linux") throw new NotReady("The bench reads CPU time from /proc, so it needs Linux.");
  await ensure();
  await ensurePackagesOf(path.join(root, "bench"));
  const file = path.join(root, "bench", "run.mjs");
  const child = spawn(process.execPath, [file, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
});
