export { cut, describeUrl, fingerprint, isMailbox, mailbox, oneLine, webAddress } from './address.ts'
export { type Capture, type CapturedMessage, captureChannels } from './capture.ts'
export type {
  Channel,
  ChannelContext,
  ChannelMap,
  ChannelMessage,
  ChannelSettings,
  Delivery,
  MailSettings,
} from './channel.ts'
export {
  type ChannelsConfig,
  channelSettings,
  channelsConfig,
  type MailConfig,
  mailConfig,
} from './config.ts'
export {
  checkedLookup,
  type EgressPolicy,
  EgressRefused,
  type EgressVerdict,
  judgeAddress,
  refuseLiteral,
} from './egress.ts'
export { escapeHtml } from './email/mail-parts.ts'
export { type Exchange, exchangeJson } from './exchange-json.ts'
export { escapeMarkdown } from './mattermost/mattermost.ts'
export { channels } from './registry.ts'
export { describeAddress, parseAddress, sendThrough } from './send-through.ts'
export { escapeMrkdwn } from './slack/slack.ts'
export { checkSignature, SIGNATURE_HEADER, signBody } from './webhook/signature.ts'
