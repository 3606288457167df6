import type { Configuration } from "./config-file.ts";

/** What the file says; nothing without one, and then its reader need not even be loaded. */
export async function readConfiguration(file: string | undefined): Promise<Configuration> {
  if (file === undefined) return {};
  return (await import("./config-file.ts")).readConfigurationFile(file);
}
