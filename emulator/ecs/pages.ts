import { AwsError } from '../errors.js';

export type Page = { readonly maxResults?: number; readonly nextToken?: string };

/** One page of a list, at most 100 long. */
export const pageOf = <Item>(items: readonly Item[], { maxResults = 100, nextToken }: Page): { page: Item[]; nextToken?: string } => {
  if (maxResults < 1 || maxResults > 100) {
    throw new AwsError('InvalidParameterException', `maxResults is ${maxResults}. It must be between 1 and 100.`);
  }
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(start)) throw new AwsError('InvalidParameterException', 'Invalid token.');
  const end = start + maxResults;
  const page = items.slice(start, end);
  return end < items.length ? { page, nextToken: Buffer.from(String(end)).toString('base64url') } : { page };
};

/** Refuses a call that names nothing, or more than one call may name. */
export const checkNumber = (things: readonly string[], most: number, noun: string): void => {
  if (things.length === 0) throw new AwsError('InvalidParameterException', `${noun} cannot be empty.`);
  if (things.length > most)
    throw new AwsError('InvalidParameterException', `${noun} has ${things.length} members; at most ${most} are allowed.`);
};

/** The views that were found, and a failure with reason MISSING for each other ARN. */
export const foundAndMissing = <View>(
  arns: readonly string[],
  find: (arn: string) => View | undefined,
): { found: View[]; failures: { arn: string; reason: 'MISSING' }[] } => {
  const found: View[] = [];
  const failures: { arn: string; reason: 'MISSING' }[] = [];
  for (const arn of arns) {
    const view = find(arn);
    if (view === undefined) failures.push({ arn, reason: 'MISSING' });
    else found.push(view);
  }
  return { found, failures };
};
