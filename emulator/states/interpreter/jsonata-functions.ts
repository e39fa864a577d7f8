import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { Account } from '../../account.js';
import { Random } from '../../random.js';

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const maximumRange = 360_145;

const partition = (array: unknown, size: unknown): unknown[][] | undefined => {
  if (!Array.isArray(array) || typeof size !== 'number') return undefined;
  const step = Math.trunc(size);
  if (array.length === 0 || step < 1) return undefined;
  const chunks: unknown[][] = [];
  for (let start = 0; start < array.length; start += step) chunks.push([...array.slice(start, start + step)]);
  return chunks;
};

/** A range of one number is that number, as on AWS. */
const range = (first: unknown, last: unknown, step: unknown): number[] | number | undefined => {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number') return undefined;
  const [from, to, by] = [Math.trunc(first), Math.trunc(last), Math.trunc(step)];
  if (by === 0 || (by > 0 && from > to) || (by < 0 && from < to)) return undefined;
  const count = Math.floor((to - from) / by) + 1;
  if (count > maximumRange) throw new Error('Expression evaluation memory limit exceeded');
  const numbers = Array.from({ length: count }, (_, index) => from + index * by);
  return count === 1 ? numbers[0] : numbers;
};

const hash = (text: unknown, algorithm: unknown): string | undefined => {
  if (typeof text !== 'string' || typeof algorithm !== 'string') return undefined;
  const name = algorithms[algorithm];
  if (name === undefined) throw new Error(`unknown hash algorithm ${algorithm}`);
  return createHash(name).update(text).digest('hex');
};

const shuffle = (account: Account, array: unknown): unknown => {
  if (!Array.isArray(array)) return array;
  const shuffled: unknown[] = [...array];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = account.random.between(0, index);
    [shuffled[index], shuffled[other]] = [shuffled[other], shuffled[index]];
  }
  return shuffled;
};

/** $now(picture, timezone) at a given time: JSONata's own reads the real clock. */
const formatTime = jsonata('$fromMillis($time, $picture, $zone)');

/**
 * The functions that Step Functions adds to JSONata, those that use the account's clock and seed, and $eval, which it
 * removes (step-functions/latest/dg/transforming-data). `$partition` and the like answer undefined where AWS does.
 */
export const functionsOf = (account: Account): Readonly<Record<string, unknown>> => ({
  eval: undefined,
  parse: (text: unknown) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined),
  partition,
  range,
  hash,
  random: (seed: unknown) => (typeof seed === 'number' ? new Random(Math.trunc(seed)).next() : account.random.next()),
  uuid: () => account.random.uuid(),
  shuffle: (array: unknown) => shuffle(account, array),
  millis: () => account.clock.now,
  now: (picture: unknown, zone: unknown): Promise<unknown> => formatTime.evaluate(undefined, { time: account.clock.now, picture, zone }),
});
