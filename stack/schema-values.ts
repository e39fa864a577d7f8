import { z } from 'zod';

/** A string that matches a pattern; `expected` is the error message for any other value. */
export const text = (expected: string, pattern: RegExp, description: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected, abort: true }).meta({ description });

export const list = <Item extends z.ZodType>(item: Item, expected: string, description: string) =>
  z.array(item, { error: expected }).min(1, { error: expected }).meta({ description });
