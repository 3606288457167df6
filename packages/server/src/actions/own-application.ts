import type { Platform } from "../platform.ts";
import type { Application, ApplicationSettings } from "../records.ts";
import { changeApplication, changeLoaded, rotateSecret } from "./application-changes.ts";
import type { CreatedApplication } from "./applications.ts";
import { refuseProblems } from "./input-error.ts";
import { recordApplicationEvent } from "./record-event.ts";

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
  return changeApplication(platform, applicationId, (application) => {
    refuseProblems([checkTrust(application, edit)]);
    return { name, redirectUris, settings: settingsOf(application.settings, edit) };
  });
}

/** The operator trusts it as it is: users are not asked, so no developer may turn it into something else. */
function checkTrust({ settings, ...application }: Application, { name, redirectUris }: OwnEdit) {
  const isSame = name.trim() === application.name && redirectUris.join("\n") === application.redirectUris.join("\n");
  if (settings.trusted !== true || isSame) return undefined;
  const problem =
    "Users are not asked about this application, so only the people who run this platform change its name and redirect URIs.";
  return { field: "application", problem };
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
  { newest, overlapSeconds }: { readonly newest: string; readonly overlapSeconds: number },
): Promise<Required<CreatedApplication> | "already"> {
  if (newestSecretOf(application) !== newest) return "already";
  return rotateSecret(platform, application.id, { overlapSeconds });
}

/** Names the newest secret, and tells nothing about it: the start of the hash of 256 random bits. */
export function newestSecretOf({ secrets: [newest] }: Pick<Application, "secrets">): string {
  return newest === undefined ? "" : Buffer.from(newest.hash).toString("hex").slice(0, 16);
}

/**
 * A developer switches an application off, or on again. What the operator switched off stays off: then, and when there
 * is nothing to do, nothing is changed, and the answer shows how it is.
 */
export async function switchOwnApplication(
  platform: Platform,
  applicationId: number,
  to: "off" | "on",
): Promise<Application> {
  let isChanged = false;
  const application = await changeLoaded(platform, applicationId, ({ disabled, settings }) => {
    const { disabledByOwner = false, ...rest } = settings;
    isChanged = to === "off" ? !disabled : disabled && disabledByOwner;
    if (!isChanged) return {};
    return to === "off"
      ? { disabled: true, settings: { ...rest, disabledByOwner: true } }
      : { disabled: false, settings: rest };
  });
  if (isChanged) await recordApplicationEvent(platform, to === "off" ? "disabled" : "enabled", application, "by owner");
  return application;
}
