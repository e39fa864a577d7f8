import { outcomes, type Result } from '../result/result.js';

/** A service of a notification: how its deployment ended, and what undid that. */
export type Ended = { readonly result: Result; readonly undo?: { readonly result: Result } };

/** How a service ended: as the deployment that undid the release's, if there was one. */
export const lastResultOf = ({ result, undo }: Ended): Result => undo?.result ?? result;

/** Puts the services first that need an operator most. */
export const byNeed = (one: Ended, other: Ended): number => need(one) - need(other);

const need = (one: Ended): number => outcomes.indexOf(lastResultOf(one).outcome);
