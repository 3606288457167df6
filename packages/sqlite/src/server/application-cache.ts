import type { Application } from "@codegrant/server";

/** Every request needs its application, and few are in use at once. */
export interface ApplicationCache {
  readonly findById: (id: number) => Application | undefined;
  readonly findByClientId: (clientId: string) => Application | undefined;
  readonly keep: <Found extends Application | undefined>(application: Found) => Found;
  readonly forget: (application: Pick<Application, "id">) => void;
  readonly clear: () => void;
}

/** Holds at most 1,000 applications; the one kept longest goes first. */
export function createApplicationCache(): ApplicationCache {
  const byId = new Map<number, Application>();
  const byClientId = new Map<string, Application>();

  const forget = (id: number): void => {
    const kept = byId.get(id);
    if (kept === undefined) return;
    byId.delete(id);
    byClientId.delete(kept.clientId);
  };

  return {
    findById: (id) => byId.get(id),
    findByClientId: (clientId) => byClientId.get(clientId),
    keep(application) {
      if (application === undefined) return application;
      const oldest = byId.size >= maximumKept ? byId.keys().next().value : undefined;
      if (oldest !== undefined) forget(oldest);
      byId.set(application.id, application);
      byClientId.set(application.clientId, application);
      return application;
    },
    forget: ({ id }) => forget(id),
    clear() {
      byId.clear();
      byClientId.clear();
    },
  };
}

const maximumKept = 1_000;
