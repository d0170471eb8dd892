import type { ChannelMap } from './channel.ts'
import { email } from './email/email.ts'
import { mattermost } from './mattermost/mattermost.ts'
import { slack } from './slack/slack.ts'
import { webhook } from './webhook/webhook.ts'

/** Every channel: one line for each folder. */
export const channels: ChannelMap = { email, webhook, slack, mattermost }
