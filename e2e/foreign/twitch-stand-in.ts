import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { connect as connectSocket, type Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { portOf } from "./running.ts";

/** What twurple's clients need of Twitch on one port of this machine: a little chat, a little Helix, our own tokens. */
export interface TwitchStandIn {
  readonly port: number;
  /** Goes into a chat client's options: all its connections lead here. */
  readonly chatOptions: { readonly ssl: false; readonly connectionOptions: { readonly wsOptions: object } };
  /** Who has come into a channel, by login, as often as they did. */
  readonly joined: readonly string[];
  /** Ends every connection, as Twitch does now and then. */
  dropChats(): void;
  close(): Promise<void>;
}

export async function startTwitchStandIn(platformUrl: string): Promise<TwitchStandIn> {
  const server = createServer((request, response) => void answer(platformUrl, request, response));
  const chat = new WebSocketServer({ server });
  const joined: string[] = [];
  chat.on("connection", (socket) => seat(socket, platformUrl, chat, (login) => joined.push(login)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server);
  return {
    port,
    chatOptions: {
      ssl: false,
      connectionOptions: { wsOptions: { createConnection: (): Socket => connectSocket(port, "127.0.0.1") } },
    },
    joined,
    dropChats: () => {
      for (const socket of chat.clients) socket.terminate();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of chat.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Tokens are the platform's; followers are counted here for the broadcaster's own token alone. */
async function answer(platformUrl: string, { url = "", headers }: IncomingMessage, response: ServerResponse) {
  const { authorization = "" } = headers;
  const reply = (status: number, body: unknown): void => {
    const limits = { "ratelimit-limit": "800", "ratelimit-remaining": "799", "ratelimit-reset": "1" };
    response.writeHead(status, { "content-type": "application/json", ...limits }).end(JSON.stringify(body));
  };
  const who = await validate(platformUrl, authorization);
  const { pathname, searchParams } = new URL(url, platformUrl);
  if (who === undefined) return reply(401, { status: 401, message: "invalid access token" });
  if (pathname === "/auth/validate") return reply(200, who);
  const isOwn = pathname === "/mock/channels/followers" && searchParams.get("broadcaster_id") === who.user_id;
  return isOwn
    ? reply(200, { total: 42, data: [], pagination: {} })
    : reply(404, { status: 404, message: "not found" });
}

interface Validated {
  readonly login: string;
  readonly user_id: string;
}

async function validate(platformUrl: string, authorization: string): Promise<Validated | undefined> {
  const response = await fetch(`${platformUrl}/oauth2/validate`, { headers: { authorization } });
  return response.ok ? ((await response.json()) as Validated) : undefined;
}

/** One person's connection to the chat: lets in by the token, and then hands on what is said. */
function seat(
  socket: WebSocket,
  platformUrl: string,
  { clients }: WebSocketServer,
  onJoin: (login: string) => void,
): void {
  let login = "";
  let password = "";
  const say = (line: string): void => socket.send(`${line}\r\n`);
  const commands: Readonly<Record<string, (rest: string) => unknown>> = {
    CAP: (rest) => {
      const [command = "", names = ""] = rest.split(" :");
      if (command.startsWith("LS")) say(`:tmi.twitch.tv CAP * LS :${capabilities}`);
      if (command.startsWith("REQ")) say(`:tmi.twitch.tv CAP * ACK :${names || rest.slice("REQ ".length)}`);
    },
    PASS: (rest) => {
      password = rest.replace(/^:?oauth:/, "");
    },
    NICK: async () => {
      const who = await validate(platformUrl, `OAuth ${password}`);
      if (who === undefined) return say(":tmi.twitch.tv NOTICE * :Login authentication failed");
      ({ login } = who);
      for (const line of [
        `001 ${login} :Welcome, GLHF!`,
        `375 ${login} :-`,
        `372 ${login} :Hello`,
        `376 ${login} :>`,
      ]) {
        say(`:tmi.twitch.tv ${line}`);
      }
    },
    JOIN: (channel) => {
      say(`:${login}!${login}@${login}.tmi.twitch.tv JOIN ${channel}`);
      say(`@emote-only=0;followers-only=-1;r9k=0;room-id=1;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE ${channel}`);
      onJoin(login);
    },
    PRIVMSG: (rest) => {
      const line = `@display-name=${login};id=1;tmi-sent-ts=1;user-id=1 :${login}!${login}@${login}.tmi.twitch.tv PRIVMSG ${rest}`;
      for (const other of clients) if (other !== socket) other.send(`${line}\r\n`);
    },
    PING: (rest) => say(`:tmi.twitch.tv PONG tmi.twitch.tv ${rest}`),
  };
  socket.on("message", (data: Buffer) => {
    for (const line of data.toString("utf8").split("\r\n")) {
      const [, command = "", rest = ""] = /^(?:@\S+ )?(\w+) ?(.*)$/.exec(line) ?? [];
      void commands[command]?.(rest);
    }
  });
}

const capabilities = "twitch.tv/commands twitch.tv/membership twitch.tv/tags";
