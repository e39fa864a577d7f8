import { z } from 'zod';

/**
 * A description ends with the default of an optional field: `The default is 30m.`. docs/configuration.md takes it from there, and the
 * possible values from `expected`, which is also the message for any other value.
 */
type Described = { readonly expected: string; readonly description: string };

/** A string that matches a pattern. */
export const text = (expected: string, pattern: RegExp, description: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected, abort: true }).meta({ description, expected });

export const list = <Item extends z.ZodType>(item: Item, expected: string, description: string) =>
  z.array(item, { error: expected }).min(1, { error: expected }).meta({ description, expected });

export const choice = <const Word extends string>(words: readonly Word[], expected: string, description: string) =>
  z.enum(words, { error: expected }).meta({ description, expected });

export const count = ({ from, to }: { readonly from: number; readonly to: number }, description: string) => {
  const expected = `a whole number from ${from} to ${to}`;
  return z.int({ error: expected }).min(from, { error: expected }).max(to, { error: expected }).meta({ description, expected });
};

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Converts a time such as 10s, 30m, 2h or 14d to seconds. */
export const secondsOf = (time: string): number => Number.parseInt(time, 10) * (secondsIn[time.slice(-1)] ?? 0);

/** A time in minutes, hours or days, in seconds if `from` is, or one of the words that stand for none. */
export const duration = (
  {
    from,
    to,
    expected,
    words = [],
  }: { readonly from: string; readonly to: string; readonly words?: readonly string[] } & Pick<Described, 'expected'>,
  description: string,
) => {
  const isWithin = (written: string): boolean => secondsOf(from) <= secondsOf(written) && secondsOf(written) <= secondsOf(to);
  const units = from.endsWith('s') ? 'smhd' : 'mhd';
  return z
    .string({ error: expected })
    .regex(new RegExp(`^(?:${[...words, `[1-9]\\d{0,3}[${units}]`].join('|')})$`), { error: expected, abort: true })
    .refine((written) => words.includes(written) || isWithin(written), { error: expected })
    .meta({ description, expected });
};

export const flag = (description: string) => z.boolean({ error: 'true or false' }).meta({ description, expected: 'true or false' });
