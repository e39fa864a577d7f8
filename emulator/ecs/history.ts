import { AwsError } from '../errors.js';

const dayMs = 86_400_000;

/** Service deployments are kept for 90 days (developer guide, "View service history using Amazon ECS service deployments"). */
export const isHistory = (createdAt: Date, now: number): boolean => now - createdAt.getTime() > 90 * dayMs;

/** Service revisions from before 25 October 2024 cannot be described (DescribeServiceRevisions in the API reference). */
export const isBeforeHistory = (createdAt: Date): boolean => createdAt.getTime() < Date.UTC(2024, 9, 25);

export type Timestamp = Date | number | string;

/** On the wire, a timestamp is a number of seconds. */
const timeOf = (timestamp: Timestamp): number => (typeof timestamp === 'number' ? timestamp * 1000 : new Date(timestamp).getTime());

export type CreatedAt = { readonly after?: Timestamp; readonly before?: Timestamp };

/**
 * The period that a filter names; without one the last three months. The words are those of hashicorp/terraform-provider-aws#43445.
 * @throws AwsError InvalidParameterException for a time that is older than three months.
 */
export const periodOf = ({ after, before }: CreatedAt, now: number): { after: number; before: number } => {
  const oldest = new Date(now);
  oldest.setUTCMonth(oldest.getUTCMonth() - 3);
  const times = [after, before].flatMap((time) => (time === undefined ? [] : [timeOf(time)]));
  if (times.some((time) => !(time >= oldest.getTime())))
    throw new AwsError('InvalidParameterException', 'Before and After time filter must be within the last 3 months.');
  return {
    after: after === undefined ? oldest.getTime() : timeOf(after),
    before: before === undefined ? Number.POSITIVE_INFINITY : timeOf(before),
  };
};
