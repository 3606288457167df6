import type { KeptApplication } from "../connections/application-store.ts";
import type { Workplace } from "../connections/open-connection.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** Each account that is connected: asks nobody. */
export async function checkConnections(
  { connect }: Workplace,
  application: KeptApplication | undefined,
  login: string,
): Promise<readonly Finding[]> {
  const check = "connection";
  if (application === undefined) return [warning(check, "there is none yet", `Log in: ${login}`)];
  const statuses = await connect(application).accounts();
  return statuses.map(({ account, cause, isUnreadable, state }) => {
    if (isUnreadable === true) return problem(check, `${account} cannot be read`, "Log in again; it is overwritten.");
    if (cause === undefined) return ok(check, `${account} is ${state}`);
    return problem(check, `${account} is ${state}: ${cause.message}`, cause.hint);
  });
}
