import { errorCodes } from "@codegrant/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { type Answer, send } from "../visitor.ts";
import { expectErrorText, expectJson } from "./expectations.ts";
import { type Stage, stage, surfaces } from "./stage.ts";

let on: Stage;
beforeAll(async () => {
  on = await stage();
});

const form = "application/x-www-form-urlencoded";
const odd = 'é\u0000"\\\r\n%zz<script>';

/** Requests that lack something, each in its own way. */
function broken(): readonly (readonly [what: string, body: string, headers: Readonly<Record<string, string>>])[] {
  const { clientId, clientSecret } = on.app;
  const client = `client_id=${clientId}&client_secret=${clientSecret}`;
  return [
    ["nothing", "", {}],
    ["an unknown application", "client_id=nobody&token=x&grant_type=refresh_token", { "content-type": form }],
    ["a wrong secret", `client_id=${clientId}&client_secret=wrong&token=x`, { "content-type": form }],
    ["nothing but its proof", client, { "content-type": form }],
    ["an unknown grant type", `${client}&grant_type=${encodeURIComponent(odd)}`, { "content-type": form }],
    ["a code of nobody", `${client}&grant_type=authorization_code&code=x&redirect_uri=x`, { "content-type": form }],
    ["a scope outside the grammar", `${client}&grant_type=client_credentials&scope=%22`, { "content-type": form }],
    ["a name twice", `${client}&client_id=x&token=x`, { "content-type": form }],
    ["JSON", JSON.stringify({ client_id: clientId, token: "x" }), { "content-type": "application/json" }],
    ["broken bytes", "client_id=%ff%fe&token=%zz", { "content-type": form }],
    ["a broken header", client, { "content-type": form, authorization: `Basic ${odd}` }],
  ];
}

function expectRegistered(answer: Answer, reads: string | undefined): void {
  const said = answer.json();
  const text = said["error_description"] ?? said["message"];
  if (typeof text === "string") expectErrorText(text);
  if (reads !== undefined) expect(Object.keys(errorCodes)).toContain(said[reads]);
  else expect(said["status"]).toBe(answer.status);
}

describe.each(surfaces)("TP-17: every refusal, $name", ({ prefix, dialect }) => {
  it.each(["token", "revoke", "introspect", "device"])(
    "of /%s is JSON that no cache keeps, with a registered code and clean text",
    async (name) => {
      let refused = 0;
      for (const method of ["POST", "GET", "PUT"])
        for (const [, body, headers] of broken()) {
          const answer = await send(on.platform.server, `${prefix}/${name}`, { method, headers, body });
          if (answer.status < 400) continue;
          refused += 1;
          expect(answer.status).toBeLessThan(500);
          expectJson(answer);
          expectRegistered(answer, dialect.error.members.code);
        }
      expect(refused).toBeGreaterThan(20);
    },
  );
});
