import { statSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Connection, openConnection } from "../src/connection.ts";
import { loadDriver } from "../src/driver.ts";
import { createGroupCommit } from "../src/group-commit.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();

const schema = {
  applicationId: 7,
  versions: [
    `CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT;
     CREATE TABLE followers (n INTEGER REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED) STRICT;
     CREATE TABLE texts (t TEXT) STRICT;`,
  ],
};

async function open(file = newFile()): Promise<Connection> {
  const connection = await openConnection({ file, schema, lockTimeoutSeconds: 0.05, onWarning: () => {} });
  onTestFinished(() => connection.close());
  return connection;
}

/** What another process sees: only what was committed. */
async function count(file: string): Promise<number> {
  const other = await openConnection({ file, schema, lockTimeoutSeconds: 1, onWarning: () => {} });
  const { numbers } = (await other.read(() =>
    other.prepare<{ numbers: number }>("SELECT count(*) AS numbers FROM numbers").get(),
  )) ?? {
    numbers: -1,
  };
  await other.close();
  return numbers;
}

function inserting(connection: Connection): (n: number) => void {
  const insert = connection.prepare("INSERT INTO numbers VALUES (?)");
  return (n) => void insert.run(n);
}

const statuses = (outcomes: readonly PromiseSettledResult<unknown>[]): readonly string[] =>
  outcomes.map(({ status }) => status);

describe("group commit", () => {
  it("answers with what each step returned, and only once it is on the disk", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const answers = await Promise.all([1, 2, 3].map((n) => connection.write(() => (insert(n), n * 10))));
    expect(answers).toEqual([10, 20, 30]);
    expect(await count(file)).toBe(3);
  });

  it("gathers the writes of one turn into one transaction", async () => {
    const pagesOf = async (isTogether: boolean): Promise<number> => {
      const file = newFile();
      const connection = await open(file);
      const insert = inserting(connection);
      const before = statSync(`${file}-wal`).size;
      const steps = Array.from({ length: 50 }, (_, n) => () => connection.write(() => insert(n)));
      if (isTogether) await Promise.all(steps.map((step) => step()));
      else for (const step of steps) await step();
      return Math.round((statSync(`${file}-wal`).size - before) / 4096);
    };
    expect(await pagesOf(true)).toBeLessThanOrEqual(2);
    expect(await pagesOf(false)).toBeGreaterThanOrEqual(50);
  });

  it("waits for company while each turn brings more, and not for ever", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const before = statSync(`${file}-wal`).size;
    const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
    const writes: Promise<void>[] = [];
    for (let n = 0; n < 20; n++) {
      writes.push(connection.write(() => insert(n)));
      await nextTurn();
    }
    await Promise.all(writes);
    const commits = Math.round((statSync(`${file}-wal`).size - before) / 4096);
    expect(commits).toBeGreaterThan(1);
    expect(commits).toBeLessThan(10);
  });

  it("a step that throws fails alone", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const outcomes = await Promise.allSettled([
      connection.write(() => insert(1)),
      connection.write(() => insert(1)),
      connection.write(() => {
        throw new RangeError("no");
      }),
      connection.write(() => insert(2)),
    ]);
    expect(statuses(outcomes)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect(outcomes[2]).toMatchObject({ reason: new RangeError("no") });
    expect(await count(file)).toBe(2);
  });

  it("a step of several statements that throws in the middle leaves nothing behind, however deep", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const outcomes = await Promise.allSettled([
      connection.write(() => insert(1)),
      connection.write(() =>
        connection.together(() => {
          insert(2);
          connection.together(() => insert(3));
          insert(1);
        }),
      ),
      connection.write(() => connection.together(() => insert(4))),
    ]);
    expect(statuses(outcomes)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await count(file)).toBe(2);
  });

  it("a commit that fails fails every answer that waits on it, and the next one goes through", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const follow = connection.prepare("INSERT INTO followers VALUES (?)");
    const outcomes = await Promise.allSettled([
      connection.write(() => insert(1)),
      connection.write(() => void follow.run(99)), // checked at the commit: there is no 99 to follow
      connection.write(() => insert(2)),
    ]);
    expect(statuses(outcomes)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await count(file)).toBe(0);
    await connection.write(() => insert(1));
    expect(await count(file)).toBe(1);
  });

  it("when another process holds the database, every answer says so, and nothing is written", async () => {
    const file = newFile();
    const connection = await open(file);
    const other = await open(file);
    const insert = inserting(connection);
    other.prepare("BEGIN IMMEDIATE").run();
    const outcomes = await Promise.allSettled([1, 2].map((n) => connection.write(() => insert(n))));
    other.prepare("ROLLBACK").run();
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        reason: { code: "ERR_STORE_LOCKED", message: /Another process holds .* try again/, retryAfterSeconds: 2 },
      });
    }
    await connection.write(() => insert(1));
    expect(await count(file)).toBe(1);
  });

  it("a full disk fails what does not fit, in a sentence, and loses nothing that was answered", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const write = connection.prepare("INSERT INTO texts VALUES (?)");
    await connection.write(() => insert(1));
    connection.prepare("PRAGMA max_page_count = 12").get();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => connection.write(() => void write.run("x".repeat(3000)))),
    );
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({ reason: { code: "ERR_STORE_FULL", message: /disk .* is full: make room/ } });
    }
    connection.prepare("PRAGMA max_page_count = 1000").get();
    await connection.write(() => insert(2));
    const texts = connection.prepare<{ n: number }>("SELECT count(*) AS n FROM texts").get();
    expect(texts?.n).toBe(20 - refused.length);
    expect(await count(file)).toBe(2);
  });

  it("500 steps at most share a transaction, so that other processes get their turn", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const steps = Array.from({ length: 1200 }, (_, n) => connection.write(() => insert(n)));
    await steps[0];
    expect(await count(file)).toBe(500);
    await Promise.all(steps);
    expect(await count(file)).toBe(1200);
  });

  it("refuses at once what would be the 10,001st to wait", async () => {
    const connection = await open();
    const insert = inserting(connection);
    const steps = Array.from({ length: 10_001 }, (_, n) => connection.write(() => insert(n)));
    const outcomes = await Promise.allSettled(steps);
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: "ERR_STORE_BUSY", retryAfterSeconds: 1 } });
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(10_000);
  });

  it("refuses what waited for more than ten seconds, and has not begun it", async () => {
    const database = new (await loadDriver())(newFile());
    onTestFinished(() => database.close());
    let elapsed = 0;
    const commits = createGroupCommit(database, {
      beforeCommit: () => undefined,
      explain: (error) => error,
      elapsed: () => elapsed,
    });
    let begun = 0;
    const old = commits.add(() => ++begun);
    elapsed = 1;
    const young = commits.add(() => ++begun);
    elapsed = 10_001;
    await expect(old).rejects.toMatchObject({ code: "ERR_STORE_BUSY", retryAfterSeconds: 1 });
    expect(await young).toBe(1);
  });

  it("waits for company while each turn brings more, but a few turns at most", async () => {
    const database = new (await loadDriver())(newFile());
    onTestFinished(() => database.close());
    let commits = 0;
    const { add } = createGroupCommit(database, {
      beforeCommit: () => void commits++,
      explain: (error) => error,
    });
    const addEachTurn = async (turns: number): Promise<void> => {
      const answers: Promise<number>[] = [];
      for (let turn = 0; turn < turns; turn++) {
        answers.push(add(() => turn));
        await new Promise(setImmediate);
      }
      await Promise.all(answers);
    };
    await addEachTurn(3);
    expect(commits).toBe(1);
    await addEachTurn(20);
    expect(commits).toBeGreaterThanOrEqual(1 + 4);
    expect(commits).toBeLessThan(1 + 20);
  });

  it("closing finishes what waits and refuses what comes later", async () => {
    const file = newFile();
    const connection = await open(file);
    const insert = inserting(connection);
    const steps = Array.from({ length: 700 }, (_, n) => connection.write(() => insert(n)));
    await connection.close();
    await connection.close();
    await Promise.all(steps);
    expect(await count(file)).toBe(700);
    await expect(connection.write(() => insert(9))).rejects.toMatchObject({ code: "ERR_STORE_CLOSED" });
    await expect(connection.read(() => 1)).rejects.toMatchObject({ code: "ERR_STORE_CLOSED" });
  });

  it("a read sees what was written before it, and nothing of a step that is still waiting", async () => {
    const connection = await open();
    const insert = inserting(connection);
    const numbers = connection.prepare<{ n: number }>("SELECT count(*) AS n FROM numbers");
    const read = () => connection.read(() => numbers.get()?.n);
    const writing = connection.write(() => insert(1));
    expect(await read()).toBe(0);
    await writing;
    expect(await read()).toBe(1);
  });
});
