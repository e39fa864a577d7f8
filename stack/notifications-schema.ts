import { z } from 'zod';
import { flag, list, text } from './schema-values.js';

/** The form of what belongs into the secret: a webhook without its scheme or its host, or one of Slack's tokens. */
export const looksLikeSecret = (name: string): boolean =>
  /\bhooks\.slack(?:-gov)?\.com\b|^x(?:ox[a-z]|app)-|(?:^|\/)T\w{6,}\/B\w{6,}\//.test(name);

const secretExpected = 'the name (not the ARN) of a secret in Secrets Manager';

const channelExpected = 'a channel, like "#deploys"';

const slack = z.strictObject({
  secret: text(secretExpected, /^[A-Za-z0-9/_+=.@-]{1,512}$/, "This secret holds the incoming webhook's URL.").refine(
    (name) => !looksLikeSecret(name),
    { error: secretExpected },
  ),
  channel: text(
    channelExpected,
    /^#?[^\s:/#]{1,80}$/,
    'The webhook determines the channel; this is for readers of the file. The default is none.',
  )
    .refine((name) => !looksLikeSecret(name), { error: channelExpected })
    .optional(),
});

export const notificationsSchema = z.strictObject({
  slack: slack.meta({ description: 'Results are posted to a Slack channel. The default is none.' }).optional(),
  email: list(
    text(
      'a mail address',
      /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
      'The owner of the address confirms the subscription once.',
    ),
    'a list of at least one mail address',
    'These addresses get results and alarms by mail. The default is none.',
  ).optional(),
  sns: flag("The stack's outputs offer the SNS topic for subscribing, for mail and machines. The default is true.")
    .meta({ default: true })
    .optional(),
});
