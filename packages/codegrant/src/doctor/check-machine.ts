import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../command-error.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** What every connection needs of this machine: asks nobody. */
export async function checkMachine(stateFolder: string, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  return [
    ok("node", process.version),
    ...(await checkStore(stateFolder)),
    checkProxy(env),
    ...checkSecretVariable(env["CODEGRANT_CLIENT_SECRET"]),
  ];
}

/** Tokens and secrets lie in there, not encrypted. */
async function checkStore(stateFolder: string): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const folder of ["connections", "applications"].map((name) => path.join(stateFolder, name))) {
    findings.push(await checkFolder(folder));
  }
  return findings;
}

async function checkFolder(folder: string): Promise<Finding> {
  const check = "store";
  try {
    const { mode, uid } = await stat(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const isOthers = process.platform !== "win32" && ((mode & 0o077) !== 0 || uid !== process.getuid?.());
    if (!isOthers) return ok(check, `${folder} is yours alone`);
    return problem(check, `${folder} can be entered by others`, `Make it yours alone: chmod 700 ${folder}`);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return ok(check, `${folder} is made at the first login`);
    return problem(check, `${folder} cannot be used (${code ?? "unknown reason"})`, "Make it yours to read and write.");
  }
}

function checkProxy(env: NodeJS.ProcessEnv): Finding {
  const proxy = env["HTTPS_PROXY"] || env["https_proxy"];
  if (!proxy) return ok("proxy", "none");
  const address = URL.canParse(proxy) ? new URL(proxy) : undefined;
  const named = address === undefined ? "HTTPS_PROXY" : `${address.protocol}//${address.host}`;
  return ok("proxy", `${named} for https, past it for ${env["NO_PROXY"] || env["no_proxy"] || "nothing"}`);
}

/** Copied from a page or a file, it often comes with more than itself; a provider only says that it is wrong. */
function checkSecretVariable(secret: string | undefined): readonly Finding[] {
  if (secret === undefined || secret === "") return [];
  if (secret.trim() === secret && !/^["'].*["']$/.test(secret)) return [ok("secret", "CODEGRANT_CLIENT_SECRET is set")];
  return [
    warning(
      "secret",
      "CODEGRANT_CLIENT_SECRET begins or ends with a blank, a line break or a quotation mark",
      "Set it again without.",
    ),
  ];
}
