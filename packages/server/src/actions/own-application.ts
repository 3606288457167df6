import type { Platform } from "../platform.ts";
import type { Application, ApplicationSettings } from "../records.ts";
import { changeApplication, rotateSecret } from "./application-changes.ts";
import type { CreatedApplication } from "./applications.ts";

/** A developer's own application by its client id; undefined for anybody else's. */
export async function findOwnApplication(
  platform: Platform,
  ownerId: string,
  clientId: string,
): Promise<Application | undefined> {
  const application = await platform.store.findApplication(clientId);
  return application?.ownerId === ownerId ? application : undefined;
}

/** What a developer may change of an application; everything else is the operator's. */
export interface OwnEdit {
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Undefined takes it away. */
  readonly category: string | undefined;
  /** Undefined leaves it as it is. */
  readonly pkceIsOptional: boolean | undefined;
}

/** Bad input is an `InputError` that names every field. Codes on their way to a redirect URI that is taken away are dead. */
export async function editOwnApplication(
  platform: Platform,
  applicationId: number,
  edit: OwnEdit,
): Promise<Application> {
  const { name, redirectUris } = edit;
  return changeApplication(platform, applicationId, ({ settings }) => ({
    name,
    redirectUris,
    settings: settingsOf(settings, edit),
  }));
}

function settingsOf(settings: ApplicationSettings, { category, pkceIsOptional }: OwnEdit): ApplicationSettings {
  const { category: _, pkce, ...rest } = settings;
  // What the operator requires, no developer takes back.
  const mayChange = pkceIsOptional !== undefined && pkce !== "required";
  const next = mayChange ? (pkceIsOptional ? "optional" : undefined) : pkce;
  return { ...rest, ...(category !== undefined && { category }), ...(next !== undefined && { pkce: next }) };
}

/**
 * Replaces the secret that is newest now. One that was made since the page was drawn is left alone, so that a form sent
 * twice replaces once: then the answer is `already`.
 */
export async function rotateOwnSecret(
  platform: Platform,
  application: Application,
  { newestCreatedAt, overlapSeconds }: { readonly newestCreatedAt: number; readonly overlapSeconds: number },
): Promise<Required<CreatedApplication> | "already"> {
  if ((application.secrets[0]?.createdAt ?? 0) !== newestCreatedAt) return "already";
  return rotateSecret(platform, application.id, { overlapSeconds });
}
