import type { Finding } from '../../core/doctor/finding.js';
import type { Verb } from '../context.js';
import { diagnosisOf } from '../diagnosis.js';
import { type ExitStatus, exitStatuses } from '../exit-status.js';
import { findingLines } from '../render/doctor.js';
import { jsonText } from '../render/json.js';

const statusOf = (findings: readonly Finding[], isStrict: boolean): ExitStatus =>
  findings.some(({ severity }) => severity === 'error' || (isStrict && severity === 'warning'))
    ? exitStatuses.needsOperator
    : exitStatuses.ok;

export const run: Verb<[], { readonly strict?: boolean }> = async ({ connect, terminal, now }, _, { json, profile, strict = false }) => {
  const client = await connect();
  const { stage, region } = client;
  terminal.progress(`checking the stack of stage ${stage} in ${region}`);
  const findings = await diagnosisOf(client, profile, now).finally(() => terminal.endProgress());
  if (json) terminal.print(jsonText({ stage, region, findings }));
  else terminal.print(findingLines(findings, terminal).join('\n'));
  return statusOf(findings, strict);
};
