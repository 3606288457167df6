import {
  type ClientCredentials,
  exchangeCode,
  type Fetch,
  isConnectionError,
  type Provider,
  type Secret,
} from "@codegrant/client";
import { createMachine } from "@codegrant/client/node";
import { type Finding, ok, problem, warning } from "./finding.ts";

export interface Examined {
  readonly provider: Provider;
  readonly redirectUri: string;
  /** Without one nothing was logged in yet. */
  readonly client: ClientCredentials | undefined;
  readonly fetch: Fetch | undefined;
}

/** The redirect URI, the port, the way to the provider, its clock, and whether it takes the secret. */
export async function checkProvider(examined: Examined): Promise<readonly Finding[]> {
  return [checkRedirectUri(examined), await checkPort(examined.redirectUri), ...(await checkWay(examined))];
}

function checkRedirectUri({ provider, redirectUri }: Examined): Finding {
  const check = "redirect URI";
  const { hostname, protocol } = new URL(redirectUri);
  const isHere = isLoopback(hostname);
  if (protocol === "http:" && !isHere) {
    return problem(check, `${redirectUri} is http beyond this machine`, "Use https, or an address of this machine.");
  }
  if (hostname === "localhost" && provider.defaultRedirectUri?.includes("//127.0.0.1") === true) {
    const todo = `Register and use an address instead, such as ${provider.defaultRedirectUri}`;
    return warning(
      check,
      `${redirectUri}: ${provider.title} prefers or demands the address in place of localhost`,
      todo,
    );
  }
  return ok(check, `${redirectUri} (register exactly this one at ${provider.title})`);
}

async function checkPort(redirectUri: string): Promise<Finding> {
  const check = "port";
  const { hostname, protocol } = new URL(redirectUri);
  if (protocol !== "http:" || !isLoopback(hostname)) {
    return ok(check, "none is needed here: paste the address the browser ends at");
  }
  try {
    const listener = await createMachine().listen(redirectUri, () => Promise.reject(new Error("nobody is awaited")));
    await listener.close();
    return ok(check, "free");
  } catch (error) {
    if (!isConnectionError(error) && !(error instanceof Error)) throw error;
    return problem(
      check,
      error.message,
      "Close the program that listens there, or log in with another --redirect-uri.",
    );
  }
}

function isLoopback(hostname: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** One request tells all three: a code that cannot exist is refused by who is there and takes the secret. */
async function checkWay(examined: Examined): Promise<readonly Finding[]> {
  const { provider } = examined;
  let date: string | null = null;
  const noting: Fetch = async (url, init) => {
    const response = await (examined.fetch ?? fetch)(url, init);
    date = response.headers.get("date");
    return response;
  };
  const mistake = mistakeOf(examined.client);
  if (mistake !== undefined) return [mistake];
  const answer = await askTokenEndpoint(examined, noting);
  const reached = ["ERR_NETWORK", "ERR_TIMEOUT"].includes(answer)
    ? problem(
        "way",
        `${provider.endpoints.token} was not reached`,
        "Check the network, the proxy and the certificates.",
      )
    : ok("way", `${provider.endpoints.token} answers`);
  return [reached, ...(reached.outcome === "ok" ? [checkClock(date), ...checkSecret(examined, answer)] : [])];
}

/** Nothing is sent with these: the provider would only say that they are wrong. */
function mistakeOf(client: ClientCredentials | undefined): Finding | undefined {
  const values = [client?.clientId, client?.clientSecret].map((one) => (one === undefined ? "" : revealed(one)));
  if (values.every((value) => value.trim() === value)) return undefined;
  return problem("secret", "the client id or the secret begins or ends with a blank or a line break", "Remove it.");
}

function revealed(value: Secret | string): string {
  return typeof value === "string" ? value : value.reveal();
}

/** The code of its error. */
async function askTokenEndpoint({ client, provider, redirectUri }: Examined, noting: Fetch): Promise<string> {
  const isAsked = client !== undefined && !(provider.codeNeedsSecret && client.clientSecret === undefined);
  try {
    const inHand = { code: "codegrant-doctor", redirectUri, codeVerifier: "codegrant-doctor".padEnd(43, "-") };
    if (isAsked) await exchangeCode(provider, client, inHand, { fetch: noting });
    else
      await noting(provider.endpoints.token, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(10_000),
      });
    return "";
  } catch (error) {
    if (isConnectionError(error)) return error.code;
    return "ERR_NETWORK";
  }
}

/** Five minutes are forgiven when an ID token is checked, and a token's end is counted by this clock. */
function checkClock(date: string | null): Finding {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return ok("clock", "the provider tells no time to compare with");
  const seconds = Math.round((Date.now() - theirs) / 1_000);
  if (Math.abs(seconds) <= 60) return ok("clock", "as the provider's");
  const detail = `${Math.abs(seconds)} seconds ${seconds > 0 ? "ahead of" : "behind"} the provider's`;
  return problem("clock", detail, "Set this machine's clock, by NTP best.");
}

function checkSecret({ client, provider }: Examined, answer: string): readonly Finding[] {
  if (client === undefined) return [];
  if (client.clientSecret === undefined) {
    const how = provider.endpoints.device === undefined ? "register it as one with a secret" : "it logs in by device";
    return [provider.codeNeedsSecret ? ok("secret", `none; ${how}`) : ok("secret", "none is needed")];
  }
  if (answer === "invalid_client") {
    return [problem("secret", `${provider.title} refuses the client id or the secret`, "Copy both again and log in.")];
  }
  if (answer === "invalid_grant") return [ok("secret", `${provider.title} takes it`)];
  return [
    warning("secret", `${provider.title} did not say whether it is right (${answer || "no error"})`, "Log in to see."),
  ];
}
