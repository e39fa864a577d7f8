import { cpus } from 'node:os';

/** On what a bench ran, without a name that somebody gave it. */
export type Machine = { readonly node: string; readonly cpu: string; readonly date: string };

export const thisMachine = (): Machine => {
  const all = cpus();
  return {
    node: process.version,
    cpu: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    date: new Date().toISOString().slice(0, 10),
  };
};
