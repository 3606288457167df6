import type { Platform } from "../platform.ts";
import type { Application, ApplicationSettings } from "../records.ts";
import { createClientId, createSecret, hashSecret } from "../secrets.ts";
import {
  checkApplicationName,
  checkRedirectUris,
  checkSettings,
  maximumApplicationsPerOwner,
} from "./application-rules.ts";
import { InputError, refuseProblems } from "./input-error.ts";
import { recordApplicationEvent } from "./record-event.ts";

export interface ApplicationInput {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly type: Application["type"];
  /** The developer's user id; absent when the operator registers it. */
  readonly ownerId?: string;
  readonly settings?: ApplicationSettings;
}

export interface CreatedApplication {
  readonly application: Application;
  /** Shown once and kept only as a hash. Absent for public applications. */
  readonly clientSecret?: string;
}

/**
 * Registers an application (RFC 6749, 2). Bad input is an `InputError` that names every field at once.
 *
 * @example
 * ```ts
 * const { application, clientSecret } = await createApplication(platform, {
 *   name: "Photo printer",
 *   redirectUris: ["https://printer.example/callback"],
 *   type: "confidential",
 * });
 * ```
 */
export async function createApplication(platform: Platform, input: ApplicationInput): Promise<CreatedApplication> {
  const { redirectUris, type, ownerId, settings = {} } = input;
  const name = input.name.trim();
  refuseProblems([
    checkApplicationName(name, platform.settings.name),
    checkRedirectUris(redirectUris, { settings }),
    checkSettings(settings, { type, redirectUris }, platform.settings.scopes),
  ]);
  await refuseTooMany(platform, ownerId);
  const createdAt = platform.now();
  const clientSecret = type === "confidential" ? createSecret(platform) : undefined;
  const application = await platform.store.createApplication({
    clientId: createClientId(platform),
    name,
    type,
    redirectUris,
    secrets: clientSecret === undefined ? [] : [{ hash: hashSecret(clientSecret), createdAt }],
    ...(ownerId === undefined ? {} : { ownerId }),
    settings,
    tokenEpoch: drawTokenEpoch(platform),
    createdAt,
  });
  await recordApplicationEvent(platform, "created", application);
  return { application, ...(clientSecret === undefined ? {} : { clientSecret }) };
}

/** Counted before the insert: two registrations at the very same moment may end one above the limit. */
async function refuseTooMany(platform: Platform, ownerId: string | undefined): Promise<void> {
  if (ownerId === undefined) return;
  const own = await listOwnApplications(platform, ownerId);
  if (own.length < maximumApplicationsPerOwner) return;
  const problem = `You have ${maximumApplicationsPerOwner} applications, which is the most; delete one you no longer need.`;
  throw new InputError([{ field: "form", problem }]);
}

/** Application tokens of an earlier application, should a restored backup give its id again, carry another number. */
function drawTokenEpoch(platform: Platform): number {
  const bytes = platform.random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
}

/** The applications a developer registered, all of them: there are at most 100. */
export async function listOwnApplications(platform: Platform, ownerId: string): Promise<readonly Application[]> {
  return platform.store.listApplications({ ownerId, limit: maximumApplicationsPerOwner });
}
