import { type Assumptions, assumptions } from '../../emulator/assumptions.js';
import { Random } from '../../emulator/random.js';

type Name = keyof Assumptions;
type Row = ReadonlyMap<Name, string>;

const pairOf = (one: readonly [Name, string], other: readonly [Name, string]): string =>
  [one, other]
    .map((value) => value.join(' '))
    .sort()
    .join();

const pairsOf = (row: Row): string[] => [...row].flatMap((one, index) => [...row].slice(index + 1).map((other) => pairOf(one, other)));

/** Rows in which each pair of values of two assumptions occurs, chosen greedily in a random order; the first row has the defaults. */
const cover = (names: readonly Name[], random: Random): Row[] => {
  const rows: Row[] = [new Map(names.map((name) => [name, assumptions[name][0]]))];
  const missing = new Set<string>();
  for (const [index, name] of names.entries())
    for (const other of names.slice(index + 1))
      for (const value of assumptions[name]) for (const another of assumptions[other]) missing.add(pairOf([name, value], [other, another]));
  for (const pair of pairsOf(rows[0] as Row)) missing.delete(pair);
  while (missing.size > 0) {
    const row = new Map<Name, string>();
    const shuffled = names.map((name) => ({ name, key: random.between(0, 1_000_000) })).toSorted((one, other) => one.key - other.key);
    for (const { name } of shuffled) {
      const gain = (value: string): number => {
        const isMissing = (other: readonly [Name, string]): boolean => missing.has(pairOf([name, value], other));
        return row.size === 0 ? [...missing].filter((pair) => pair.includes(`${name} ${value}`)).length : [...row].filter(isMissing).length;
      };
      const [best] = assumptions[name]
        .map((value) => ({ value, priority: gain(value) + random.between(0, 999) / 1000 }))
        .toSorted((one, other) => other.priority - one.priority);
      row.set(name, best?.value ?? '');
    }
    rows.push(row);
    for (const pair of pairsOf(row)) missing.delete(pair);
  }
  return rows;
};

export type Variant = { readonly variant: string; readonly assumptions: Partial<Assumptions> };

/**
 * Variants of the emulator's assumptions: the defaults, and a few others, so that each pair of values of two assumptions occurs in one.
 *
 * @param names the assumptions on which a scenario depends; default: all
 */
export const pairwise = (names = Object.keys(assumptions) as Name[]): readonly Variant[] => {
  const covers = Array.from({ length: 10 }, (_, seed) => cover(names, new Random(seed + 1)));
  const [smallest = []] = covers.toSorted((one, other) => one.length - other.length);
  return smallest.map((row) => {
    const others = [...row].filter(([name, value]) => value !== assumptions[name][0]).sort();
    return {
      variant: others.length === 0 ? 'the default assumptions' : others.map((value) => value.join(' ')).join(', '),
      assumptions: Object.fromEntries(others) as Partial<Assumptions>,
    };
  });
};

const variants = pairwise();

/** One variant for each test, by its title: for scenarios that hold under every assumption, without running each of them under all. */
export const variantOf = (title: string): Variant => {
  const sum = [...title].reduce((total, character) => (total * 31 + character.charCodeAt(0)) % 65_521, 7);
  return variants[sum % variants.length] as Variant;
};
