import type { Application, ApplicationSecret } from "@codegrant/server";
import { formatTime } from "../output.ts";
import { switches } from "./application-switches.ts";

interface Extra {
  readonly clientSecret?: string | undefined;
  readonly ownerLogin?: string | undefined;
}

/** An application as a program reads it. A secret is there only when it was just made. */
export function applicationAsJson(application: Application, { clientSecret, ownerLogin }: Extra): object {
  const { clientId, name, type, redirectUris, secrets, disabled, createdAt } = application;
  return {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    name,
    type,
    redirect_uris: redirectUris,
    ...Object.fromEntries(settingsOf(application)),
    ...(ownerLogin === undefined ? {} : { owner: ownerLogin }),
    ...(type === "confidential" ? { secrets: secrets.map(secretAsJson) } : {}),
    disabled,
    created_at: formatTime(createdAt),
  };
}

/** The same for a person. */
export function applicationAsFields(
  application: Application,
  { clientSecret, ownerLogin }: Extra,
): readonly (readonly [string, string | undefined])[] {
  const { clientId, name, type, redirectUris, secrets, disabled, createdAt } = application;
  return [
    ["client_id", clientId],
    ["client_secret", clientSecret],
    ["name", name],
    ["type", type],
    ...redirectUris.map((uri) => ["redirect_uri", uri] as const),
    ...settingsOf(application).flatMap(([label, value]) => asLines(label, value)),
    ["owner", ownerLogin],
    ...secrets.map((secret) => ["secret", describeSecret(secret)] as const),
    ["disabled", disabled ? "yes" : undefined],
    ["created", formatTime(createdAt)],
  ];
}

/** The settings that were made, by the names a program reads them under. */
function settingsOf({ settings }: Application): readonly (readonly [name: string, value: unknown])[] {
  return switches.flatMap(({ setting }) => {
    const value = settings[setting];
    return value === undefined ? [] : [[setting.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]];
  });
}

function asLines(label: string, value: unknown): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return value.map((one) => [label, String(one)]);
  return [[label, value === true ? "yes" : value === false ? "no" : String(value)]];
}

function secretAsJson({ createdAt, expiresAt }: ApplicationSecret): object {
  return {
    created_at: formatTime(createdAt),
    ...(expiresAt === undefined ? {} : { expires_at: formatTime(expiresAt) }),
  };
}

function describeSecret({ createdAt, expiresAt }: ApplicationSecret): string {
  return `made ${formatTime(createdAt)}${expiresAt === undefined ? "" : `, good until ${formatTime(expiresAt)}`}`;
}
