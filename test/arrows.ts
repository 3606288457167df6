import { type Import, importsOf, isRelative, packageOf } from "./imports.ts";
import type { TreeFile } from "./tree.ts";

/**
 * The house as a table: what the sources of a place may import. A place is a path prefix; the longest that fits a file
 * rules it. `only` names all it may see beside its own files, `never` what it may not; `types` of these are free.
 */
interface Room {
  readonly place: string;
  readonly only?: readonly string[];
  readonly never?: readonly string[];
  readonly types?: readonly string[];
  readonly because: string;
}

const server = "packages/server/src";
const transports = ["node:http", "node:https", "node:http2"];
const databases = ["node:sqlite", "@photostructure/sqlite", "pg", "@codegrant/sqlite", "@codegrant/postgres"];
const ends = ["@codegrant/protocol", "@codegrant/client", "@codegrant/server", "codegrant"];

const rooms: readonly Room[] = [
  { place: "packages/protocol/src", only: [], because: "protocol depends on nothing" },
  { place: "packages/client/src", only: ["@codegrant/protocol"], because: "client runs wherever fetch does" },
  {
    place: "packages/client/src/node",
    only: ["@codegrant/protocol", "packages/client/src", "node:"],
    because: "node is the client's only room on Node",
  },
  {
    place: "packages/client/src/jose",
    only: ["@codegrant/protocol", "packages/client/src", "jose"],
    because: "jose is the client's only room with a dependency, and an optional one",
  },
  {
    place: server,
    never: ["@codegrant/client", ...databases, ...transports, "codegrant"],
    because: "server looks up to protocol alone",
  },
  {
    place: `${server}/decide`,
    only: ["@codegrant/protocol", `${server}/records.ts`, `${server}/tokens`, "node:crypto"],
    types: [`${server}/store.ts`],
    because: "rules see protocol and records, and the store's facts as types",
  },
  { place: `${server}/pages`, only: ["hono"], because: "pages see views, not records" },
  {
    place: `${server}/tokens`,
    only: ["@codegrant/protocol", `${server}/records.ts`, "node:crypto"],
    because: "tokens are views of records",
  },
  {
    place: `${server}/actions`,
    never: [`${server}/endpoints`, `${server}/pages`, `${server}/http`, "hono", ...databases, ...transports],
    because: "an action does not know who asks, a page or a command",
  },
  {
    place: `${server}/endpoints`,
    never: [`${server}/http`, "@codegrant/client", ...databases, ...transports],
    because: "endpoints know neither SQL nor a transport",
  },
  {
    place: `${server}/http`,
    never: [`${server}/decide`, `${server}/actions`, `${server}/pages`, "@codegrant/client", ...databases],
    because: "adapters carry messages and know nothing of their meaning",
  },
  {
    place: `${server}/memory`,
    only: [`${server}/store.ts`, `${server}/records.ts`, "node:util"],
    because: "a store knows records and its port",
  },
  {
    place: `${server}/contract`,
    only: [`${server}/store.ts`, `${server}/records.ts`, "node:assert"],
    because: "any store, here or elsewhere, runs the contract",
  },
  { place: "packages/sqlite/src", never: [...ends, "hono"], because: "the driver is shared by both ends" },
  {
    place: "packages/sqlite/src/server",
    never: [...ends, "hono"],
    types: ["@codegrant/server"],
    because: "a store knows its end by types alone",
  },
  {
    place: "packages/sqlite/src/client",
    never: [...ends, "hono"],
    types: ["@codegrant/client"],
    because: "a store knows its end by types alone",
  },
  {
    place: "packages/testing/src",
    only: ["@codegrant/protocol", "@codegrant/client", "@codegrant/server", "node:"],
    because: "testing stands on both ends and below the command",
  },
  { place: "packages/codegrant/src", never: transports, because: "the command opens its sockets in two files alone" },
  { place: "packages/codegrant/src/listen.ts", because: "the command listens here" },
  { place: "packages/codegrant/src/connections/proxy-fetch.ts", because: "the command reaches a proxy here" },
];

/** A sentence for each import that runs the wrong way. */
export function wrongArrows(sources: readonly TreeFile[]): string[] {
  return sources.flatMap((file) => {
    const room = roomOf(file.path);
    if (!room) return [];
    const wrong = importsOf(file).filter((arrow) => !mayImport(room, arrow));
    return wrong.map(({ specifier }) => `${file.path} imports ${specifier}: ${room.because}`);
  });
}

function roomOf(file: string): Room | undefined {
  const fitting = rooms.filter((room) => isWithin(file, room.place));
  return fitting.toSorted((a, b) => b.place.length - a.place.length)[0];
}

function mayImport(room: Room, arrow: Import): boolean {
  const fits = (place: string): boolean =>
    isRelative(arrow.specifier) ? isWithin(arrow.target, place) : isOfPackage(arrow.specifier, place);
  if (isRelative(arrow.specifier) && isWithin(arrow.target, room.place)) {
    return roomOf(arrow.target) === room || !room.only || room.only.some(fits);
  }
  if (arrow.isTypeOnly && room.types?.some(fits)) return true;
  if (room.only) return room.only.some(fits);
  return !room.never?.some(fits);
}

/** `node:` names every module of Node; a package's name includes its entry points. */
function isOfPackage(specifier: string, name: string): boolean {
  if (name.endsWith(":")) return specifier.startsWith(name);
  return specifier.startsWith("node:")
    ? specifier === name || specifier.startsWith(`${name}/`)
    : packageOf(specifier) === name;
}

function isWithin(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}
