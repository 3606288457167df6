import type { ScopeDescription } from "../scope-catalogue.ts";

/**
 * The scopes of Twitch's Kraken era. Many no longer do anything at Twitch; they are known here because
 * the how-tos and scripts of that time still ask for them.
 */
export const krakenScopes: readonly ScopeDescription[] = [
  scope("user_read", "see your private profile, such as your email address", true),
  scope("user_blocks_edit", "ignore users for you, and stop ignoring them", true),
  scope("user_blocks_read", "see which users you ignore", true),
  scope("user_follows_edit", "follow and unfollow channels for you", true),
  scope("user_subscriptions", "see which channels you subscribe to", true),
  scope("channel_read", "see private details of your channel, such as its email address and stream key", true),
  scope("channel_editor", "change your channel's title, game and other details", true),
  scope("channel_commercial", "start commercials on your channel", true),
  scope("channel_stream", "reset your channel's stream key", true),
  scope("channel_subscriptions", "see everyone who subscribes to your channel", true),
  scope("channel_check_subscription", "check whether a user subscribes to your channel", true),
  scope("chat_login", "log in to chat as you and send messages", true),
  scope("channel_feed_read", "read the posts in your channel's feed", false),
  scope("channel_feed_edit", "post and react in your channel's feed", true),
  scope("collections_edit", "create and change your video collections", true),
  scope("communities_edit", "create and change communities you own", true),
  scope("communities_moderate", "moderate communities for you", true),
  scope("viewing_activity_read", "see which videos and streams you watch", true),
];

function scope(name: string, description: string, sensitive: boolean): ScopeDescription {
  return { name, description, sensitive, group: "Kraken" };
}
