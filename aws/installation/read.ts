import type { Read } from '../../core/doctor/facts.js';

const denied = /^(AccessDenied|AuthorizationError|NotAuthorized|UnauthorizedOperation)/;
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/;

/**
 * Answers what a call answers, or that the caller may not make it or that AWS throttled it. `action` as IAM names it.
 * @throws Error of the SDK for everything else: no or expired credentials, no connection
 */
export const read = async <T>(action: string, call: () => Promise<T>): Promise<Read<T>> => {
  try {
    return { value: await call() };
  } catch (error) {
    const { name } = error as Error;
    if (denied.test(name)) return { unread: { action, reason: 'denied' } };
    if (throttled.test(name)) return { unread: { action, reason: 'throttled' } };
    throw error;
  }
};

/** Both of two reads, or the first that was not answered. */
export const both = <One, Other>(one: Read<One>, other: Read<Other>): Read<readonly [One, Other]> => {
  if ('unread' in one) return one;
  return 'unread' in other ? other : { value: [one.value, other.value] };
};

/** Few enough for AWS not to throttle. */
const atATime = 5;

/** One read for each name, several at a time. */
export const readEach = async <T>(names: readonly string[], readOne: (name: string) => Promise<T>): Promise<ReadonlyMap<string, T>> => {
  const answers = new Map<string, T>();
  const waiting = [...new Set(names)];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) answers.set(name, await readOne(name));
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return new Map([...new Set(names)].map((name) => [name, answers.get(name) as T]));
};

/** All pages of a list. `page` answers its items, and where the next page begins. */
export const allPages = async <T>(
  page: (from: string | undefined) => Promise<{ readonly items: readonly T[] | undefined; readonly next: string | undefined }>,
): Promise<T[]> => {
  const all: T[] = [];
  let from: string | undefined;
  do {
    const { items = [], next } = await page(from);
    all.push(...items);
    from = next === '' ? undefined : next;
  } while (from !== undefined);
  return all;
};
