import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  type DeviceAuthorization,
  finishDeviceAuthorization,
  pollDeviceAuthorization,
  Secret,
  startDeviceAuthorization,
  twitch,
} from "../src/index.ts";
import {
  client,
  clientId,
  clientSecret,
  provider,
  startedAt,
  strictProvider,
  thrownBy,
  tokenBody,
} from "./fixtures.ts";

const endpoints = {
  authorize: "https://provider.example/authorize",
  token: "https://provider.example/token",
  device: "https://provider.example/device",
};
const ofTwitch = provider({ endpoints });
const strict = strictProvider({ endpoints });
const device: DeviceAuthorization = {
  deviceCode: new Secret("ike3GM8QIdYZs43KdrWPIO36LofILoCyFEzjlQ91"),
  userCode: "ABCDEFGH",
  verificationUri: "https://provider.example/activate",
  expiresAt: startedAt + 1_800,
  intervalSeconds: 5,
  scopes: ["chat:read"],
};

type Step = Response | Error;
const no = (status: number, message: string): Response => Response.json({ status, message }, { status });
const pendingAnswer = (): Response => no(400, "authorization_pending");

/** A provider that answers one after the other, and a clock that runs while it is waited. */
function play(...steps: readonly Step[]) {
  const left = [...steps];
  const sent: URLSearchParams[] = [];
  const waits: number[] = [];
  let seconds = startedAt;
  return {
    sent,
    waits,
    options: {
      now: () => seconds,
      wait: async (length: number) => {
        waits.push(length);
        seconds += length;
      },
      fetch: async (_url: string, init: RequestInit): Promise<Response> => {
        sent.push(new URLSearchParams(typeof init.body === "string" ? init.body : ""));
        const step = left.shift() ?? pendingAnswer();
        if (step instanceof Error) throw step;
        return step;
      },
    },
  };
}

describe("finishDeviceAuthorization", () => {
  it("polls at the provider's pace until the person has approved", async () => {
    const { options, sent, waits } = play(pendingAnswer(), pendingAnswer(), Response.json(tokenBody));
    const result = await finishDeviceAuthorization(ofTwitch, { clientId }, device, options);
    expect(result).toMatchObject({ status: "approved", tokens: { scopes: ["user:read:email"] } });
    expect(waits).toEqual([5, 5, 5]);
    expect(Object.fromEntries(sent[0] ?? [])).toEqual({
      client_id: clientId,
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: device.deviceCode.reveal(),
      scopes: "chat:read",
    });
  });

  it("slows down by five seconds each time it is told to, and for good (RFC 8628, 3.5)", async () => {
    const slow = Response.json({ error: "slow_down" }, { status: 400 });
    const pending = (): Response => Response.json({ error: "authorization_pending" }, { status: 400 });
    const { options, waits } = play(slow.clone(), pending(), slow.clone(), pending(), Response.json(tokenBody));
    await finishDeviceAuthorization(strict, client, device, options);
    expect(waits).toEqual([5, 10, 10, 15, 15]);
  });

  it("goes on through trouble that passes, more and more slowly", async () => {
    const trouble = [no(500, "oops"), new Error("reset"), new Response("<html>", { status: 502 })];
    const { options, waits } = play(...trouble, Response.json(tokenBody));
    expect(await finishDeviceAuthorization(ofTwitch, { clientId }, device, options)).toMatchObject({
      status: "approved",
    });
    expect(waits).toEqual([5, 10, 20, 40]);
  });

  it("takes a refusal as a result", async () => {
    const { options } = play(Response.json({ error: "access_denied" }, { status: 400 }));
    expect(await finishDeviceAuthorization(strict, client, device, options)).toMatchObject({ status: "declined" });
  });

  it.each<[string, () => Response]>([
    ["the provider says it is over", () => Response.json({ error: "expired_token" }, { status: 400 })],
    ["nobody says anything", () => Response.json({ error: "authorization_pending" }, { status: 400 })],
  ])("ends when %s", async (_what, answer) => {
    const short = { ...device, expiresAt: startedAt + 12 };
    const { options, sent } = play(answer(), answer(), answer());
    expect(await finishDeviceAuthorization(strict, client, short, options)).toEqual({ status: "expired" });
    expect(sent.length).toBeLessThanOrEqual(2);
  });

  it("only authorization_pending goes on: an invalid device code at Twitch is the end", async () => {
    const { options, sent } = play(no(400, "invalid device code"));
    const error = await thrownBy(finishDeviceAuthorization(ofTwitch, { clientId }, device, options));
    expect(error).toMatchObject({ reason: "device_code_invalid", actor: "user", retryable: false });
    expect(sent.length).toBe(1);
  });

  it("is cancelled between two polls", async () => {
    const aborter = new AbortController();
    const { options, sent } = play(pendingAnswer());
    const wait = async (length: number): Promise<void> => {
      if (sent.length === 1) aborter.abort();
      await options.wait(length);
    };
    const result = finishDeviceAuthorization(ofTwitch, { clientId }, device, {
      ...options,
      wait,
      signal: aborter.signal,
    });
    expect(await result).toEqual({ status: "cancelled" });
    expect(sent.length).toBe(1);
  });

  it("waits by a timer of its own that a signal ends at once", async () => {
    const aborter = new AbortController();
    const result = finishDeviceAuthorization(ofTwitch, { clientId }, device, { signal: aborter.signal });
    aborter.abort();
    expect(await result).toEqual({ status: "cancelled" });
    expect(await finishDeviceAuthorization(ofTwitch, { clientId }, device, { signal: aborter.signal })).toEqual({
      status: "cancelled",
    });
  });

  it("lets a program with a loop of its own ask once", async () => {
    const { options } = play(pendingAnswer());
    expect(await pollDeviceAuthorization(ofTwitch, { clientId }, device, options)).toEqual({
      status: "pending",
      intervalSeconds: 5,
    });
  });
});

describe("startDeviceAuthorization", () => {
  const answer = { device_code: "d", user_code: "U", verification_uri: "https://provider.example/activate" };
  const start = (body: object, where = ofTwitch) => {
    const headers: Headers[] = [];
    const bodies: string[] = [];
    const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
      headers.push(new Headers(init.headers));
      bodies.push(typeof init.body === "string" ? init.body : "");
      return Response.json(body);
    };
    const started = startDeviceAuthorization(where, client, { scopes: ["a"] }, { fetch, now: () => startedAt });
    return { started, headers, bodies };
  };

  it("proves the client only where the dialect wants it", async () => {
    const open = start(answer);
    await open.started;
    expect(open.bodies).toEqual([`client_id=${clientId}&scopes=a`]);
    const proved = start(answer, strict);
    await proved.started;
    expect(proved.headers[0]?.get("authorization")).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`);
  });

  it("has limits of its own: an hour of life, a minute between polls", async () => {
    const { started } = start({ ...answer, expires_in: 1e12, interval: 1e6 });
    expect(await started).toMatchObject({ expiresAt: startedAt + 3_600, intervalSeconds: 60 });
  });

  it.each(["javascript:alert(1)", "http://provider.example/activate", "--help", "https://x.example/$(calc)"])(
    "MD-09: %s is not shown to anybody as an address to open",
    async (address) => {
      const error = await thrownBy(start({ ...answer, verification_uri: address }).started);
      expect(error).toMatchObject({ code: "ERR_RESPONSE_SHAPE" });
    },
  );

  it("CT-23: the device code prints as its fingerprint", async () => {
    const started = await start({ ...answer, device_code: "GmRhmhcxhwAzkoEqiMEg" }).started;
    expect(inspect(started) + JSON.stringify(started)).not.toContain("GmRhmhcxhwAzkoEqiMEg");
  });

  it("where there is no such login is the caller's mistake", async () => {
    expect(await thrownBy(startDeviceAuthorization(provider(), client, { scopes: [] }))).toBeInstanceOf(TypeError);
    expect(twitch.endpoints.device).toBeDefined();
  });
});
