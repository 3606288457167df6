// Answers `!followers` in the broadcaster's channel. Neither twurple nor this file ever sees a refresh token.
import { codegrantAuthProvider } from "@codegrant/client/twurple";
import { ApiClient } from "@twurple/api";
import { ChatClient } from "@twurple/chat";

/**
 * @param {import("@codegrant/client").Connection} connection with the accounts `bot` and `broadcaster`
 * @param {import("@twurple/chat").ChatClientOptions} [chatOptions]
 */
export async function startBot(connection, chatOptions = {}) {
  const authProvider = await codegrantAuthProvider(connection, { intents: { chat: "bot" } });
  const { id = "", login = "" } = (await connection.account("broadcaster").status()).who ?? {};
  const api = new ApiClient({ authProvider });
  const chat = new ChatClient({ authProvider, channels: [login], ...chatOptions });
  const tellFollowers = async (/** @type {string} */ channel) => {
    const count = await api.channels.getChannelFollowerCount(id);
    await chat.say(channel, `${login} has ${count} followers.`);
  };
  chat.onMessage((channel, _user, text) => {
    // A provider that is down for a while must not end the bot.
    if (text === "!followers") tellFollowers(channel).catch((error) => console.error(String(error)));
  });
  chat.connect();
  return chat;
}
