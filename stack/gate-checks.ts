import { dateOn, wallClock } from '../core/release/wall-clock.js';
import { approvalSchema, DEFAULT_APPROVAL_TIMEOUT, DEFAULT_MAX_WAIT, freezeSchema, windowSchema } from './gates-schema.js';
import { nearest } from './nearest.js';
import { freezeOf } from './normalised-configuration.js';
import { secondsOf } from './schema-values.js';
import { stageSchema } from './stage-schema.js';
import { fields, items } from './unvalidated.js';
import type { Path, ValidationIssue } from './validation-issues.js';

/** Gates of a repository's stages that contradict each other, never open, or are over. Other issues of the file do not hide these. */
export const gateIssues = (path: Path, repository: unknown, now: Date): ValidationIssue[] => {
  const { stages, maxWait = DEFAULT_MAX_WAIT } = fields(repository);
  const names = items(stages).map((stage) => fields(stage).name);
  return items(stages).flatMap((written, index) => {
    const stage = fields(written);
    return [
      ...requiresIssues(stage.requires, names, index),
      ...approvalIssues(stage.approval, maxWait),
      ...windowIssues(stage.window),
      ...freezeIssues(stage, now),
      ...scopeIssues(stage),
    ].map((issue) => ({ ...issue, path: [...path, 'stages', index, ...issue.path] }));
  });
};

const requiresIssues = (written: unknown, names: readonly unknown[], index: number): ValidationIssue[] => {
  const earlier = names.slice(0, index).filter((name) => typeof name === 'string');
  const requires = stageSchema.shape.requires.safeParse(written).data;
  if (requires === undefined || earlier.includes(requires)) return [];
  const isLater = names.slice(index + 1).includes(requires);
  const what = requires === names[index] ? ', the stage itself' : isLater ? ', which comes later' : ', which is no stage of the repository';
  const expected = earlier.length > 0 ? `an earlier stage: ${earlier.join(', ')}` : 'no requires in the first stage';
  const meant = isLater ? undefined : nearest(requires, earlier);
  return [{ path: ['requires'], says: `is "${requires}"${what}; expected ${expected}${meant ? `; did you mean ${meant}?` : ''}` }];
};

const approvalIssues = (written: unknown, maxWait: unknown): ValidationIssue[] => {
  const approval = approvalSchema.safeParse(written).data;
  if (!approval) return [];
  const { timeout, remindAfter } = approval === true ? {} : approval;
  const allowed = timeout ?? DEFAULT_APPROVAL_TIMEOUT;
  const issues: ValidationIssue[] = [];
  if (secondsOf(allowed) > secondsOf(String(maxWait))) {
    const path = timeout === undefined ? ['approval'] : ['approval', 'timeout'];
    const is = timeout === undefined ? `has the default timeout, ${allowed},` : `is "${timeout}",`;
    issues.push({
      path,
      says: `${is} longer than maxWait of the repository; expected a timeout of at most ${maxWait}, or a longer maxWait`,
    });
  }
  if (remindAfter !== undefined && secondsOf(remindAfter) >= secondsOf(allowed))
    issues.push({ path: ['approval', 'remindAfter'], says: `is "${remindAfter}"; expected less than the timeout, ${allowed}` });
  return issues;
};

const windowIssues = (written: unknown): ValidationIssue[] => {
  const { days, to } = fields(written);
  const from = windowSchema.shape.from.safeParse(fields(written).from).data;
  const expected = 'expected another time, or from "00:00" to "24:00" for the whole day';
  return [
    ...(from !== undefined && from === to
      ? [{ path: ['window', 'to'], says: `is "${from}", as is from: the window never opens; ${expected}` }]
      : []),
    ...items(days).flatMap((day, index, all) => {
      const first = all.indexOf(day);
      return first < index ? [{ path: ['window', 'days', index], says: `is "${day}", as is days[${first}]; expected each day once` }] : [];
    }),
  ];
};

const freezeIssues = ({ freeze, window }: Record<string, unknown>, now: Date): ValidationIssue[] => {
  const timezone = windowSchema.shape.timezone.safeParse(fields(window).timezone).data;
  return items(freeze).flatMap((written, index): ValidationIssue[] => {
    const parsed = freezeSchema.safeParse(written).data;
    if (!parsed) return [];
    const { from, to, timezone: zone } = freezeOf(parsed, timezone);
    const today = dateOn(wallClock(zone).wallAt(now.getTime()));
    const path = ['freeze', index, 'to'];
    if (to < from) return [{ path, says: `is "${to}", before from, "${from}"; expected that day or a later one` }];
    return to < today
      ? [{ path, says: `is "${to}", which is over: in ${zone} it is ${today}; expected a later day, or the freeze taken out` }]
      : [];
  });
};

const scopeIssues = ({ onFailure, rollBackScope }: Record<string, unknown>): ValidationIssue[] => {
  const scope = stageSchema.shape.rollBackScope.safeParse(rollBackScope).data;
  if (scope === undefined || onFailure === 'rollBackAll') return [];
  return [{ path: ['rollBackScope'], says: `is "${scope}" without onFailure: rollBackAll; expected both, or neither` }];
};
