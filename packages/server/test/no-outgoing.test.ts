import { expect, it } from "vitest";
import { filesWhere, isSource } from "../../../test/tree.ts";

const sources = filesWhere((file) => file.startsWith("packages/server/src/") && isSource(file))
  // Programs to copy, as texts.
  .filter(({ path }) => !path.startsWith("packages/server/src/how-to/"));

/** What can open a connection, unless it is only a type. */
const opensConnections =
  /^import (?!type\b)[^;]*from "node:(?:http|https|http2|tls|dgram|dns(?:\/promises)?|child_process)"|\b(?:createConnection|WebSocket|EventSource)\b|(?:await|return|=|=>|globalThis\.)\s*fetch\(/m;

it("LC-44: nothing in the server can open a connection, so no address that anyone registers is ever visited", () => {
  expect(sources.length).toBeGreaterThan(100);
  const found = sources.filter(({ text }) => opensConnections.test(text.replaceAll(/^\s*(?:\*|\/\/).*$/gm, "")));
  expect(found.map(({ path }) => path)).toEqual([]);
});

it.each([
  'import { request } from "node:https";',
  'import http from "node:http";',
  'const page = await fetch("https://logo.example/");',
])("LC-44: and %s would be seen", (text) => {
  expect(opensConnections.test(text)).toBe(true);
});
