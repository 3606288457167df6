import type { Platform } from "../platform.ts";
import type { Application, ApplicationSecret } from "../records.ts";
import { createSecret, hashSecret } from "../secrets.ts";
import type { ApplicationChanges } from "../store.ts";
import { checkApplicationName, checkRedirectUris, checkSettings } from "./application-rules.ts";
import type { CreatedApplication } from "./applications.ts";
import { InputError, refuseProblems } from "./input-error.ts";
import { recordApplicationEvent } from "./record-event.ts";

/**
 * Gives a confidential application another secret. The one it had stays good for `overlapSeconds`, at most
 * 30 days, so that its servers can change over one by one; older ones die now. Of two rotations at the same moment
 * one is refused with an `InputError`: otherwise it would end the secret that the other has just shown.
 */
export async function rotateSecret(
  platform: Platform,
  applicationId: number,
  { overlapSeconds }: { readonly overlapSeconds: number },
): Promise<Required<CreatedApplication>> {
  const application = await requireApplication(platform, applicationId);
  refuseProblems([
    application.type === "public"
      ? { field: "application", problem: "A public application has no secret that could be replaced." }
      : undefined,
    Number.isInteger(overlapSeconds) && overlapSeconds >= 0 && overlapSeconds <= maximumOverlapSeconds
      ? undefined
      : {
          field: "overlapSeconds",
          problem: "The old secret can stay good for 0 seconds to 30 days (2,592,000 seconds).",
        },
  ]);
  const now = platform.now();
  const clientSecret = createSecret(platform);
  const secrets = [
    { hash: hashSecret(clientSecret), createdAt: now },
    ...keepNewest(application.secrets, now, overlapSeconds),
  ];
  const changed = await platform.store.changeApplication(applicationId, { secrets }, application);
  if (changed === undefined) throw unknownApplication();
  if (changed === "lost") throw changedMeanwhile();
  await recordApplicationEvent(platform, "secretRotated", changed, `overlap ${overlapSeconds} s`);
  return { application: changed, clientSecret };
}

const maximumOverlapSeconds = 30 * 86_400;

/** Newest first, as every rotation writes them; never made to live longer than they were going to. */
function keepNewest(
  secrets: readonly ApplicationSecret[],
  now: number,
  overlapSeconds: number,
): readonly ApplicationSecret[] {
  const living = secrets.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt);
  const [newest] = living;
  if (newest === undefined || overlapSeconds === 0) return [];
  return [{ ...newest, expiresAt: Math.min(newest.expiresAt ?? Infinity, now + overlapSeconds) }];
}

/** What may be changed of an application. Type and client id never change. */
export type ApplicationEdit = Pick<ApplicationChanges, "name" | "redirectUris" | "settings">;

/**
 * Changes what is given, by the same rules as at registration; `settings` are replaced whole. A function is called with
 * the application as it is, and again if someone else changes it meanwhile, so that neither change undoes the other.
 *
 * @example
 * ```ts
 * await changeApplication(platform, id, ({ settings }) => ({ settings: { ...settings, pkce: "required" } }));
 * ```
 */
export async function changeApplication(
  platform: Platform,
  applicationId: number,
  edit: ApplicationEdit | ((loaded: Application) => ApplicationEdit),
): Promise<Application> {
  let fields: readonly string[] = [];
  const changed = await changeLoaded(platform, applicationId, (application) => {
    const changes = decideChanges(platform, application, typeof edit === "function" ? edit(application) : edit);
    fields = Object.keys(changes);
    return changes;
  });
  await recordApplicationEvent(platform, "changed", changed, fields.join(", "));
  return changed;
}

function decideChanges(platform: Platform, application: Application, edit: ApplicationEdit): ApplicationChanges {
  const name = edit.name?.trim();
  const next = { ...application, ...edit };
  const mayBreakSettings = edit.settings !== undefined || edit.redirectUris !== undefined;
  refuseProblems([
    name === undefined ? undefined : checkApplicationName(name, platform.settings.name),
    checkRedirectUris(next.redirectUris, next),
    // Not at every change: a scope that the platform gave up must not stand in the way of another name.
    mayBreakSettings ? checkSettings(next.settings, next, platform.settings.scopes) : undefined,
  ]);
  return {
    ...edit,
    ...(name === undefined ? {} : { name }),
    ...(movesScopes(application, next) ? { tokenEpoch: (application.tokenEpoch + 1) % 2 ** 32 } : {}),
  };
}

/** The masks of application tokens count positions in the allowed scopes: with other positions they would mean others. */
function movesScopes(before: Application, after: Pick<Application, "settings">): boolean {
  return (before.settings.allowedScopes ?? []).join(" ") !== (after.settings.allowedScopes ?? []).join(" ");
}

/** From now on it is refused and its tokens rest, until `enableApplication`; its developer cannot undo it. */
export async function disableApplication(platform: Platform, applicationId: number): Promise<Application> {
  const changed = await setDisabled(platform, applicationId, true);
  await recordApplicationEvent(platform, "disabled", changed);
  return changed;
}

export async function enableApplication(platform: Platform, applicationId: number): Promise<Application> {
  const changed = await setDisabled(platform, applicationId, false);
  await recordApplicationEvent(platform, "enabled", changed);
  return changed;
}

/** Ends every code, token and consent of the application at once and for good. */
export async function deleteApplication(platform: Platform, applicationId: number): Promise<void> {
  const application = await requireApplication(platform, applicationId);
  const outcome = await platform.store.deleteApplication(applicationId, platform.now());
  if (outcome === "unknown") throw unknownApplication();
  await recordApplicationEvent(platform, "deleted", application);
}

async function requireApplication(platform: Platform, applicationId: number): Promise<Application> {
  const application = await platform.store.findApplicationById(applicationId);
  if (application === undefined) throw unknownApplication();
  return application;
}

/** The operator's word, so it also takes away that the developer did it, whatever the developer does at that moment. */
async function setDisabled(platform: Platform, applicationId: number, disabled: boolean): Promise<Application> {
  const decide = ({ settings: { disabledByOwner: _, ...settings } }: Application) => ({ disabled, settings });
  return changeLoaded(platform, applicationId, decide, 20);
}

/** Changes what is loaded; again, if someone else changes it meanwhile, so that neither change undoes the other. */
export async function changeLoaded(
  platform: Platform,
  applicationId: number,
  decide: (loaded: Application) => ApplicationChanges,
  maximumTries = 3,
): Promise<Application> {
  for (let tries = 0; tries < maximumTries; tries += 1) {
    const application = await requireApplication(platform, applicationId);
    const changed = await platform.store.changeApplication(applicationId, decide(application), application);
    if (changed === undefined) throw unknownApplication();
    if (changed !== "lost") return changed;
  }
  throw changedMeanwhile();
}

function unknownApplication(): InputError {
  return new InputError([{ field: "application", problem: "There is no such application; perhaps it was deleted." }]);
}

function changedMeanwhile(): InputError {
  const problem =
    "Someone else changed this application at the same moment, so nothing was changed. Look, and try again.";
  return new InputError([{ field: "application", problem }]);
}
