import { type Assumptions, assumptions } from '../../emulator/assumptions.js';

/** The defaults, and every other variant of every assumption, one at a time. */
export const variants: readonly { readonly variant: string; readonly assumptions: Partial<Assumptions> }[] = [
  { variant: 'the default of every assumption', assumptions: {} },
  ...Object.entries(assumptions).flatMap(([name, [, ...others]]) =>
    others.map((other) => ({ variant: `${name}: ${other}`, assumptions: { [name]: other } as Partial<Assumptions> })),
  ),
];
