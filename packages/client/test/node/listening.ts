import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { onTestFinished } from "vitest";
import type { AnswerCallback, CallbackListener, LandingPage } from "../../src/index.ts";
import { listenForCallback } from "../../src/node/listen.ts";

export interface Listening {
  readonly listener: CallbackListener;
  readonly port: number;
  /** What came to the answer, in order. */
  readonly visits: readonly string[];
}

export async function listen(uri = "http://127.0.0.1:0/callback", page: LandingPage = "approved"): Promise<Listening> {
  const visits: string[] = [];
  const answer: AnswerCallback = async (callback) => {
    visits.push(callback);
    return page;
  };
  const listener = await listenForCallback(uri, answer);
  onTestFinished(() => listener.close());
  return { listener, port: Number(new URL(listener.redirectUri).port), visits };
}

interface Heard {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** By hand, since fetch chooses Host and Origin by itself. */
export async function ask(
  port: number,
  path: string,
  method = "GET",
  headers: OutgoingHttpHeaders = {},
): Promise<Heard> {
  const request = httpRequest({ host: "127.0.0.1", port, path, method, headers, agent: false });
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let body = "";
  try {
    for await (const chunk of response) body += String(chunk);
  } catch (error) {
    // Newer versions of Node cut the connection off with the refusal of a head that is too long.
    if (response.statusCode !== 431) throw error;
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

export const good = "/callback?code=secret-code&state=secret-state";
