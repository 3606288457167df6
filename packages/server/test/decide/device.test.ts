import { expect } from "vitest";
import * as device from "../../src/decide/device.ts";
import type { DeviceRequest } from "../../src/records.ts";
import { applicationOf, consentOf, grantOf, now, waitingGrantOf } from "./facts.ts";
import { describeRules, refusalOf } from "./switched-off.ts";

type Decide = typeof device;
type Facts = device.DevicePollFacts;

const request: DeviceRequest = {
  id: 1,
  deviceCodeHash: new Uint8Array(32),
  userCodeHash: new Uint8Array(32),
  applicationId: 3,
  family: "twitch",
  scopes: [],
  resources: [],
  createdAt: now - 60,
  expiresAt: now + 60,
  answer: { grantId: 7 },
};
const { answer: _, ...unanswered } = request;

function factsOf(changes: Partial<Facts> = {}): Facts {
  return {
    deviceRequest: request,
    found: { grant: waitingGrantOf(), consent: consentOf() },
    application: applicationOf(),
    family: "twitch",
    isTooFast: false,
    now,
    ...changes,
  };
}

const refusal = ({ decideDevicePoll }: Decide, changes: Partial<Facts>): string =>
  refusalOf(() => decideDevicePoll(factsOf(changes)));

describeRules<Decide>("device.ts", device, [
  {
    rule: "a device whose person approved gets the grant, once",
    off: [
      'if (found?.grant.code === undefined) throw unknown("used before");',
      "if (found === undefined) throw new Error();",
    ],
    holds: (decide) => {
      expect(decide.decideDevicePoll(factsOf())).toEqual(waitingGrantOf());
      expect(refusal(decide, { found: { grant: grantOf(), consent: consentOf() } })).toMatch(/used before/);
    },
  },
  {
    rule: "an unknown device code is refused",
    off: [
      'if (deviceRequest === undefined) throw unknown("no such device code");',
      "if (deviceRequest === undefined) throw new Error();",
    ],
    holds: (decide) => {
      expect(refusal(decide, { deviceRequest: undefined })).toMatch(/no such device code/);
    },
  },
  {
    rule: "another application's device code is refused",
    off: ["deviceRequest.applicationId !== application.id", "false"],
    holds: (decide) => {
      expect(refusal(decide, { application: applicationOf({ id: 4 }) })).toMatch(/another application/);
    },
  },
  {
    rule: "a device code is good only in the family that gave it",
    off: ["deviceRequest.family !== family", "false"],
    holds: (decide) => {
      expect(refusal(decide, { family: "rfc6749" })).toMatch(/family/);
    },
  },
  {
    rule: "a device code that expired says so",
    off: ["deviceRequest.expiresAt <= now", "false"],
    holds: (decide) => {
      expect(refusal(decide, { deviceRequest: { ...request, expiresAt: now } })).toMatch(/^expired_token/);
    },
  },
  {
    rule: "a device that polls too fast is told to slow down",
    off: ["if (isTooFast)", "if (false)"],
    holds: (decide) => {
      expect(refusal(decide, { isTooFast: true })).toMatch(/^slow_down/);
    },
  },
  {
    rule: "a device whose person has not answered waits",
    off: ["deviceRequest.answer === undefined", "false"],
    holds: (decide) => {
      expect(refusal(decide, { deviceRequest: unanswered, found: undefined })).toMatch(/^authorization_pending/);
    },
  },
  {
    rule: "a device whose person declined is told so",
    off: ['deviceRequest.answer === "declined"', "false"],
    holds: (decide) => {
      const declined = { deviceRequest: { ...request, answer: "declined" as const }, found: undefined };
      expect(refusal(decide, declined)).toMatch(/^access_denied/);
    },
  },
  {
    rule: "a grant that ended before the device came is refused",
    off: ["!isAlive({ ...found, application }, now)", "false"],
    holds: (decide) => {
      const found = { grant: waitingGrantOf(), consent: consentOf({ epoch: 2 }) };
      expect(refusal(decide, { found })).toMatch(/its grant ended/);
    },
  },
]);
