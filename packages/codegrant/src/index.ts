/** The authorization server that `codegrant serve` runs, for a program that runs it itself. */
export { CommandError } from "./command-error.ts";
export type { Configuration } from "./config-file.ts";
export type { DialectName } from "./platform-settings.ts";
export { type RunningServer, type ServeOptions, startServer } from "./serve.ts";
