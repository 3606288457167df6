import type { DescribedGrant } from "@codegrant/server";
import { formatDay, formatTime } from "../output.ts";

/** A grant as a program reads it. */
export function grantAsJson(grant: DescribedGrant): object {
  const { id, userId, login, applicationId, application, scopes, resources, keyId, lastUsedDay, ended } = grant;
  return {
    id,
    user_id: userId,
    ...(login === undefined ? {} : { login }),
    application_id: applicationId,
    ...(application ? { client_id: application.clientId, application: application.name } : {}),
    scopes,
    ...(resources.length === 0 ? {} : { resources }),
    key: keyId,
    granted_at: formatTime(grant.grantedAt),
    ...(grant.exchangedAt === undefined ? {} : { exchanged_at: formatTime(grant.exchangedAt) }),
    ...(lastUsedDay === undefined ? {} : { last_used: formatDay(lastUsedDay) }),
    expires_at: formatTime(grant.expiresAt),
    ...(ended ? { ended_at: formatTime(ended.at), why: ended.why } : {}),
  };
}

/** The same for a person. */
export function grantAsFields(grant: DescribedGrant): readonly (readonly [string, string | undefined])[] {
  const { id, scopes, resources, keyId, lastUsedDay, ended } = grant;
  return [
    ["id", String(id)],
    ["user", userOf(grant)],
    ["application", applicationOf(grant)],
    ["client_id", grant.application?.clientId],
    ...scopes.map((scope) => ["scope", scope] as const),
    ...resources.map((resource) => ["resource", resource] as const),
    ["key", String(keyId)],
    ["granted", formatTime(grant.grantedAt)],
    ["exchanged", grant.exchangedAt === undefined ? "not yet" : formatTime(grant.exchangedAt)],
    ["last used", lastUsedDay === undefined ? undefined : formatDay(lastUsedDay)],
    ["expires", ended ? undefined : formatTime(grant.expiresAt)],
    ["ended", ended && formatTime(ended.at)],
    ["why", ended?.why],
  ];
}

export function userOf({ login, userId }: DescribedGrant): string {
  return login ?? `user ${userId}`;
}

export function applicationOf({ application, applicationId }: DescribedGrant): string {
  return application?.name ?? `application ${applicationId}, deleted`;
}
