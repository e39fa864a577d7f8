import * as v from 'valibot';
import { isTag, tagLimit } from '../image/ecr-names.js';
import { RejectedInput } from '../result/rejected-input.js';
import { parseStrictly, text } from './strict-input.js';

/** The image that an operator asks about: by its tag or by its digest. */
export type PlanInput = { readonly repository: string; readonly tag?: string; readonly digest?: string };

const Plan = v.strictObject({
  repository: text,
  tag: v.exactOptional(v.pipe(text, v.check(isTag, `a tag of ECR: at most ${tagLimit} letters, digits, ".", "_" and "-"`))),
  digest: v.exactOptional(v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits'))),
});

const example = '{"repository": "my-learn-app", "tag": "v1.4.2"}';

/** Parses the input of `plan`. @throws RejectedInput for anything but the documented input */
export const parsePlanInput = (input: unknown): PlanInput => {
  const parsed = parseStrictly(Plan, input, example);
  if ((parsed.tag === undefined) === (parsed.digest === undefined))
    throw new RejectedInput(
      `the input has ${parsed.tag === undefined ? 'neither "tag" nor "digest"' : 'both "tag" and "digest"'}; expected one of them, as in ${example}`,
    );
  return parsed;
};
