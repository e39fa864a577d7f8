import * as v from 'valibot';
import type { Trigger } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import { byOperator, parseStrictly, shown, text, triggerOf } from './strict-input.js';
import { suggestionFor } from './suggestion.js';

/** What an operator may answer to a request for approval. */
export const decisions = ['approve', 'reject'] as const;
export type DecisionName = (typeof decisions)[number];

/** An operator's answer: bound to the digest that the request was for. */
export type DecideInput = {
  readonly command: DecisionName;
  readonly repository: string;
  readonly stage: string;
  readonly digest: string;
  readonly trigger: Trigger;
};

const { by, reason } = byOperator;
const Decide = v.strictObject({
  command: v.picklist(decisions),
  repository: text,
  stage: text,
  digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits, as the request has it')),
  by,
  reason,
});

/** The input of `decide`. */
export const decideExample = `{"command": "approve", "repository": "my-learn-app", "stage": "production", "digest": "sha256:…", "by": "ada"}`;

/** Parses the input of `decide`. @throws RejectedInput for anything but the documented input */
export const parseDecideInput = (input: unknown): DecideInput => {
  const { command: name } = parseStrictly(v.object({ command: v.unknown() }), input, decideExample);
  if (!decisions.some((one) => one === name)) {
    const meant = suggestionFor(String(name), decisions);
    const suggestion = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
    throw new RejectedInput(
      `"command" of the input is ${shown(name)}${suggestion}; expected "approve" or "reject", as in ${decideExample}`,
    );
  }
  const { command, repository, stage, digest, ...operator } = parseStrictly(Decide, input, decideExample);
  return { command, repository, stage, digest, trigger: triggerOf(operator) };
};
