import type { Application } from "@codegrant/server";
import { formatTime } from "../output.ts";

interface Extra {
  readonly clientSecret?: string | undefined;
  readonly ownerLogin?: string | undefined;
}

/** An application as a program reads it. A secret is there only when it was just made. */
export function applicationAsJson(application: Application, { clientSecret, ownerLogin }: Extra): object {
  const { clientId, name, type, redirectUris, settings, disabled, createdAt } = application;
  return {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    name,
    type,
    redirect_uris: redirectUris,
    ...(settings.pkce === undefined ? {} : { pkce: settings.pkce }),
    ...(ownerLogin === undefined ? {} : { owner: ownerLogin }),
    disabled,
    created_at: formatTime(createdAt),
  };
}

/** The same for a person. */
export function applicationAsFields(
  application: Application,
  { clientSecret, ownerLogin }: Extra,
): readonly (readonly [string, string | undefined])[] {
  const { clientId, name, type, redirectUris, settings, disabled, createdAt } = application;
  return [
    ["client_id", clientId],
    ["client_secret", clientSecret],
    ["name", name],
    ["type", type],
    ...redirectUris.map((uri) => ["redirect_uri", uri] as const),
    ["pkce", settings.pkce],
    ["owner", ownerLogin],
    ["disabled", disabled ? "yes" : undefined],
    ["created", formatTime(createdAt)],
  ];
}
