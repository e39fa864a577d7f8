import * as v from 'valibot';
import { timestamp } from './timestamp.js';

/** The scan of an image has ended. `digest` is that of a manifest; `time` is ISO 8601. */
export type ScanEvent = { readonly repository: string; readonly digest: string; readonly time: string };

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));
const name = v.pipe(v.string(), v.nonEmpty());
/** Inspector gives the ARN of the repository as its name (ECR User Guide, "EventBridge events sent for enhanced scanning"). */
const nameInArn = v.pipe(
  v.string(),
  v.regex(/^arn:[^:]+:ecr:[^:]+:\d{12}:repository\/.+$/),
  v.transform((arn) => arn.slice(arn.indexOf('/') + 1)),
);

const Basic = v.object({
  source: v.literal('aws.ecr'),
  'detail-type': v.literal('ECR Image Scan'),
  time: timestamp,
  detail: v.object({ 'repository-name': name, 'image-digest': digest }),
});

const Enhanced = v.object({
  source: v.literal('aws.inspector2'),
  'detail-type': v.literal('Inspector2 Scan'),
  time: timestamp,
  detail: v.object({ 'repository-name': nameInArn, 'image-digest': digest }),
});

const Event = v.variant('source', [Basic, Enhanced]);

/**
 * Parses the event of a scan by ECR or by Amazon Inspector; undefined for any other one. What it says of findings is not read: they are
 * read from ECR, with those of every page.
 */
export const parseScanEvent = (input: unknown): ScanEvent | undefined => {
  const result = v.safeParse(Event, input);
  if (!result.success) return undefined;
  const { time: at, detail } = result.output;
  return { repository: detail['repository-name'], digest: detail['image-digest'], time: at };
};
