import { cpus } from 'node:os';

/** The machine that ran the bench, without its host name. */
export type Machine = { readonly node: string; readonly cpu: string; readonly date: string };

export const thisMachine = (): Machine => {
  const all = cpus();
  return {
    node: process.version,
    cpu: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    date: new Date().toISOString().slice(0, 10),
  };
};
