import type { Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";

interface KeyRow {
  readonly id: number;
  readonly check_value: Uint8Array;
  readonly created_at: number;
}

export function keyAndEventSteps({
  prepare,
  read,
  write,
}: Connection): Pick<Store, "listKeys" | "addKey" | "recordEvent"> {
  const listKeys = prepare<KeyRow>("SELECT id, check_value, created_at FROM keys ORDER BY id");
  const addKey = prepare("INSERT INTO keys (id, check_value, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const insertEvent = prepare(
    "INSERT INTO events (at, event, user_id, application_id, request_id, detail) VALUES (?, ?, ?, ?, ?, ?)",
  );

  return {
    listKeys: () =>
      read(() =>
        listKeys
          .all()
          .map(({ id, check_value, created_at }) => ({ id, checkValue: check_value, createdAt: created_at })),
      ),
    addKey: ({ id, checkValue, createdAt }) =>
      write(() => (addKey.run(id, checkValue, createdAt).changes === 1 ? "added" : "taken")),
    recordEvent: ({ at, event, userId, applicationId, requestId, detail }) =>
      write(() => {
        insertEvent.run(at, event, userId ?? null, applicationId ?? null, requestId ?? null, detail ?? null);
      }),
  };
}
