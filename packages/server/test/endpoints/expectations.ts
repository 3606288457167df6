import { expect } from "vitest";
import { issuer } from "../platform.ts";
import type { Answer } from "../visitor.ts";
import type { Surface } from "./stage.ts";

/** An error page: nobody is sent anywhere, by no means a browser knows. */
export function expectPage(answer: Answer, status = 400): void {
  expect({ status: answer.status, location: answer.header("location"), type: answer.header("content-type") }).toEqual({
    status,
    location: undefined,
    type: "text/html; charset=utf-8",
  });
  expect(answer.body).not.toMatch(/<script|http-equiv|<meta[^>]*refresh/i);
  expect(answer.header("cache-control")).toBe("no-store");
  expect(answer.header("content-security-policy")).toContain("default-src 'none'");
  expect(answer.header("content-security-policy")).not.toMatch(/unsafe|script-src/);
  expect(answer.header("x-frame-options")).toBe("DENY");
}

/** Back to the redirect URI with an error, the exact state if there was one, and one issuer where the dialect has it. */
export function expectBack(
  answer: Answer,
  surface: Surface,
  error: string,
  { to = "https://client.example.com/cb", state }: { to?: string; state?: string | undefined } = {},
): void {
  expect([answer.status, answer.header("cache-control")]).toEqual([303, "no-store"]);
  const location = answer.header("location") ?? "";
  const mark = location.indexOf("?");
  expect(location.slice(0, mark)).toBe(to);
  const query = new URLSearchParams(location.slice(mark + 1));
  expect(query.getAll("error")).toEqual([error]);
  expect(query.getAll("state")).toEqual(state === undefined ? [] : [state]);
  expect(query.getAll("iss")).toEqual(surface.dialect.authorize.issuerInResponse ? [issuer] : []);
  expect(query.has("code")).toBe(false);
  for (const text of query.getAll("error_description")) expectErrorText(text);
}

/** An error of an endpoint for programs, in the dialect's own members. */
export function expectRefusal(answer: Answer, surface: Surface, status: number, code: string, message: string): void {
  expectJson(answer);
  const { members } = surface.dialect.error;
  const said = answer.json();
  if (members.code === undefined)
    expect({ message: said["message"], status: said["status"] }).toEqual({ message, status });
  else expect(said["error"]).toBe(code);
  expect(answer.status).toBe(status);
  expectErrorText(String(said["message"] ?? said["error_description"]));
}

export function expectJson(answer: Answer): void {
  expect(answer.header("content-type")).toBe("application/json");
  expect(answer.header("cache-control")).toBe("no-store");
  expect(answer.header("x-content-type-options")).toBe("nosniff");
  expect(answer.header("location")).toBeUndefined();
}

/** RFC 6749, 4.1.2.1 and 5.2: `%x20-21 / %x23-5B / %x5D-7E`. */
export function expectErrorText(text: string): void {
  expect(text).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
}
