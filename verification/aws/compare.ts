import type { Finding } from './target.js';

export type Verdict = {
  readonly name: string;
  readonly status: 'ok' | 'differs' | 'failed' | 'skipped';
  readonly details: readonly string[];
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** Where two values differ: `services.staging/web.reason: here "CRASHED", on the emulator "UNHEALTHY"`. */
const differences = (here: unknown, there: unknown, path = ''): string[] => {
  if (isRecord(here) && isRecord(there)) {
    const names = [...new Set([...Object.keys(here), ...Object.keys(there)])];
    return names.flatMap((name) => differences(here[name], there[name], path === '' ? name : `${path}.${name}`));
  }
  return shown(here) === shown(there) ? [] : [`${path}: here ${shown(here)}, on the emulator ${shown(there)}`];
};

/** Judges what was found by itself, and beside what the emulator says; without the latter by itself alone. */
export const verdictOf = (name: string, here: Finding, there: Finding | undefined): Verdict => {
  if (here.skipped !== undefined) return { name, status: 'skipped', details: [here.skipped] };
  if (here.problems.length > 0) {
    const also = there !== undefined && there.problems.length > 0 ? ['on the emulator it fails, too'] : [];
    return { name, status: 'failed', details: [...here.problems, ...also] };
  }
  const { notes = [] } = here;
  if (there === undefined) return { name, status: 'ok', details: ['not compared with the emulator', ...notes] };
  if (there.skipped !== undefined) return { name, status: 'differs', details: [`the emulator skipped it: ${there.skipped}`] };
  const details = [...there.problems.map((text) => `on the emulator: ${text}`), ...differences(here.facts, there.facts)];
  return { name, status: details.length === 0 ? 'ok' : 'differs', details: [...details, ...notes] };
};
