import type { RegisteredStep } from '../../stack/steps.js';
import { concurrentRegistration } from './checks/concurrent-registration.js';
import { definitionChecks } from './checks/definitions.js';
import { executionRoleCheck } from './checks/execution-role.js';
import { permissionChecks } from './checks/permissions.js';
import { crashingPush, healthyPush } from './checks/pushes.js';
import { type Verdict, verdictOf } from './compare.js';
import type { Recorder } from './recorder.js';
import type { Check, Finding, Target } from './target.js';

export type Report = { readonly verdicts: readonly Verdict[]; readonly stays: readonly string[] };

/** A check that cannot be made has failed: what AWS refuses is what a trial is for. */
const find = async (check: Check, target: Target): Promise<Finding> => {
  try {
    return await check.run(target);
  } catch (error) {
    const { name, message } = error as Error;
    return { problems: [`${name}: ${message}`], facts: undefined };
  }
};

/** Makes every check on the target, and the same one on the emulator if there is one. */
export const verify = async (
  target: Target,
  expectation: Target | undefined,
  { steps, recorder, progress }: { steps: readonly RegisteredStep[]; recorder: Recorder; progress: (text: string) => void },
): Promise<Report> => {
  const verdicts: Verdict[] = [];
  const stays: string[] = [];
  const changing = [healthyPush, crashingPush, concurrentRegistration];
  for (const check of [...permissionChecks(steps, target), ...definitionChecks, executionRoleCheck, ...changing]) {
    progress(check.name);
    recorder.begin(check.name);
    const here = await find(check, target);
    const there = expectation && here.skipped === undefined ? await find(onStackOf(check, steps, expectation), expectation) : undefined;
    verdicts.push(verdictOf(check.name, here, there));
    stays.push(...(here.stays ?? []));
  }
  return { verdicts, stays };
};

/** A role's check names resources of its stage, which the emulator's stack need not have. */
const onStackOf = (check: Check, steps: readonly RegisteredStep[], target: Target): Check =>
  permissionChecks(steps, target).find(({ name }) => name === check.name) ?? check;
