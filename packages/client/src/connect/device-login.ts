import { finishDeviceAuthorization } from "../calls/finish-device-authorization.ts";
import { startDeviceAuthorization } from "../calls/start-device-authorization.ts";
import type { LoginResult } from "./connection.ts";
import type { LoginParts } from "./login.ts";

/** Login on another screen (RFC 8628): one address and one code, no redirect URI and no secret. */
export async function logInByDevice(login: LoginParts): Promise<LoginResult> {
  const { parts, connect, options, prompt, timeoutSeconds, keep } = login;
  const { call, client, clock, machine, provider } = parts;
  const device = await startDeviceAuthorization(provider, client, { scopes: connect.scopes }, call);
  const url = device.verificationUriComplete ?? device.verificationUri;
  const expiresAt = Math.min(device.expiresAt, clock.now() + timeoutSeconds);
  prompt({ kind: "device", url, userCode: device.userCode, expiresAt });
  void machine?.openBrowser(url).catch(() => false);
  const result = await finishDeviceAuthorization(
    provider,
    client,
    { ...device, expiresAt },
    { ...call, signal: options.signal, wait: (seconds, { signal }) => clock.wait(seconds, { signal }) },
  );
  if (result.status === "approved") return await keep(result.tokens);
  if (result.status !== "expired") return result;
  return { status: "timed_out", hint: `Nobody entered the code at ${url} in time. Start again for a new one.` };
}
