import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ClientStore, RecordKey, RecordOwner, StoredRecord } from "../store/client-store.ts";
import { withFileLock } from "./file-lock.ts";
import {
  makePrivateFolder,
  readPrivateFile,
  removeFile,
  replacePrivateFile,
  syncFolder,
  temporaryEnding,
} from "./private-file.ts";

export interface FileStoreOptions {
  /** The store's own: made, or made private, for its owner alone. */
  readonly folder: string;
}

/**
 * Keeps each connection in a file of its own, readable by its owner alone and not encrypted, safe for any number of
 * processes on one machine. A save is on the disk before it answers, whole or not at all.
 *
 * @example
 * const store = createFileStore({ folder: "/var/lib/my-bot" });
 */
export function createFileStore({ folder }: FileStoreOptions): ClientStore {
  const locked = async <T>(name: string, step: () => T): Promise<T> => {
    makePrivateFolder(folder);
    return await withFileLock(join(folder, `${name}.lock`), step);
  };
  const read = (name: string): FileText | undefined => parseText(readPrivateFile(join(folder, name)));
  const names = (): string[] => readFolder(folder).filter((name) => name.endsWith(".json"));

  return {
    description: `in files of ${folder}, readable by their owner alone, not encrypted`,
    find: async (key) => recordOf(read(nameOf(key))),
    async save(key, value, { ifVersion, expiresAt }) {
      const name = nameOf(key);
      return await locked(name, () => {
        if (read(name)?.version !== ifVersion) return { status: "changed" };
        const version = randomBytes(12).toString("hex");
        const text: FileText = { key, version, value, ...(expiresAt === undefined ? {} : { expiresAt }) };
        replacePrivateFile(folder, name, JSON.stringify(text));
        return { status: "saved", version };
      });
    },
    async remove(key, ifVersion) {
      const name = nameOf(key);
      return await locked(name, () => {
        removeLeftovers(folder, name);
        if (read(name)?.version !== ifVersion) return "changed";
        removeFile(join(folder, name));
        syncFolder(folder);
        return "removed";
      });
    },
    async list(of, { after, limit }) {
      return names()
        .flatMap((name) => recordOf(read(name)) ?? [])
        .filter(({ key }) => isOwnedBy(key, of) && (after === undefined || key.name > after))
        .toSorted((a, b) => (a.key.name < b.key.name ? -1 : 1))
        .slice(0, limit);
    },
    async removeExpired(nowSeconds) {
      for (const name of names()) {
        if (!isExpired(read(name), nowSeconds)) continue;
        await locked(name, () => {
          if (isExpired(read(name), nowSeconds)) removeFile(join(folder, name));
        });
      }
    },
  };
}

interface FileText {
  readonly key: RecordKey;
  readonly version: string;
  readonly value: string;
  readonly expiresAt?: number;
}

/** A name says nothing, since accounts may be anything. */
function nameOf({ kind, provider, server, clientId, name }: RecordKey): string {
  const text = JSON.stringify([kind, provider, server, clientId, name]);
  return `${createHash("sha256").update(text).digest("hex").slice(0, 32)}.json`;
}

function parseText(text: string | undefined): FileText | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as FileText);
}

function recordOf(text: FileText | undefined): StoredRecord | undefined {
  return text && { key: text.key, version: text.version, value: text.value };
}

function isOwnedBy(key: RecordKey, { kind, provider, server, clientId }: RecordOwner): boolean {
  return key.kind === kind && key.provider === provider && key.server === server && key.clientId === clientId;
}

function isExpired(text: FileText | undefined, nowSeconds: number): boolean {
  return text?.expiresAt !== undefined && text.expiresAt <= nowSeconds;
}

/** What a killed process left of earlier saves goes with the record. */
function removeLeftovers(folder: string, name: string): void {
  for (const file of readFolder(folder)) {
    if (file.startsWith(`${name}.`) && file.endsWith(temporaryEnding)) removeFile(join(folder, file));
  }
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
