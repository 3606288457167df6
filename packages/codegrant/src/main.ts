import { systemCode } from "./command-error.ts";
import { note } from "./output.ts";
import { run } from "./program.ts";

process.stdout.on("error", (error) => {
  const code = systemCode(error);
  if (code === "EPIPE") process.exit(0); // a reader that has seen enough, such as `head`
  note(`The command was run, but its output cannot be written (${code ?? "unknown reason"}). Send it elsewhere.`);
  process.exit(1);
});
// Nobody is left to tell: the command goes on, and a server must not end because the disk of its log is full.
process.stderr.on("error", () => undefined);

process.exitCode = await run(process.argv.slice(2));
