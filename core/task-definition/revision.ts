import { revisionName } from '../rollout/observation.js';

/** The family of a revision, given by its ARN: `…:task-definition/web:7` → `web`. */
export const familyOf = (revision: string): string => revisionName(revision).replace(/:\d+$/, '');

/** Its number in the family: a higher one was registered later. */
export const numberOf = (revision: string): number => Number(/:(\d+)$/.exec(revision)?.[1]);
