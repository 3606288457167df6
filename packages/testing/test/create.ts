import type { Provider } from "@codegrant/client";
import { onTestFinished } from "vitest";
import {
  createTestProvider,
  type ListeningTestProvider,
  startTestProvider,
  type TestProvider,
  type TestProviderOptions,
} from "../src/index.ts";

export const redirectUri = "https://app.example/callback";

/** In this process; closed with the test. */
export async function create(named?: string | Provider, options?: TestProviderOptions): Promise<TestProvider> {
  const test = await createTestProvider(named, options);
  onTestFinished(() => test.close());
  return test;
}

/** On this machine; closed with the test. */
export async function start(
  named?: string | Provider,
  options?: Parameters<typeof startTestProvider>[1],
): Promise<ListeningTestProvider> {
  const test = await startTestProvider(named, options);
  onTestFinished(() => test.close());
  return test;
}

/** The address to send the scripted user to; as a client that is not ours would write it. */
export function authorizeUrl(test: TestProvider, changes: Readonly<Record<string, string | undefined>> = {}): string {
  const url = new URL(test.provider.endpoints.authorize);
  const query = {
    response_type: "code",
    client_id: test.client.clientId,
    redirect_uri: redirectUri,
    scope: "chat:read chat:edit",
    state: "state-of-the-test",
    ...changes,
  };
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** A token request as plain HTTP. */
export async function askForTokens(
  test: TestProvider,
  fields: Readonly<Record<string, string>>,
  fetch: TestProvider["fetch"] = test.fetch,
): Promise<Response> {
  const { clientId, clientSecret } = test.client;
  const secret = clientSecret === undefined ? {} : { client_secret: String(clientSecret) };
  const body = new URLSearchParams({ client_id: clientId, ...secret, redirect_uri: redirectUri, ...fields });
  return await fetch(test.provider.endpoints.token, { method: "POST", body });
}

export async function codeOf(test: TestProvider): Promise<string> {
  const callback = await test.visit(authorizeUrl(test));
  return new URL(callback ?? "").searchParams.get("code") ?? "";
}

/** An exchange of a fresh code. */
export async function exchange(test: TestProvider): Promise<Response> {
  return await askForTokens(test, { grant_type: "authorization_code", code: await codeOf(test) });
}
