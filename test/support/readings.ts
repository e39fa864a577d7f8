import { type Doubts, doubts } from '../../emulator/doubts.js';

/** Every reading of every doubt beside the defaults, one at a time, and the defaults. */
export const readings: readonly { readonly reading: string; readonly doubts: Partial<Doubts> }[] = [
  { reading: 'the default reading of every doubt', doubts: {} },
  ...Object.entries(doubts).flatMap(([name, [, ...others]]) =>
    others.map((other) => ({ reading: `${name}: ${other}`, doubts: { [name]: other } as Partial<Doubts> })),
  ),
];
