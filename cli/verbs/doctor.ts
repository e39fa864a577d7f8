import { readInstallation } from '../../aws/installation/installation.js';
import { readEach } from '../../aws/installation/read.js';
import { diagnose } from '../../core/doctor/diagnose.js';
import type { Facts, Queried } from '../../core/doctor/facts.js';
import type { Finding } from '../../core/doctor/finding.js';
import { placesOf } from '../../core/doctor/services.js';
import { schema } from '../../core/records/records.js';
import { explained } from '../client-errors.js';
import { CommandError } from '../command-error.js';
import type { Verb } from '../context.js';
import { type ExitStatus, exitStatuses } from '../exit-status.js';
import { findingLines } from '../render/doctor.js';
import { jsonText } from '../render/json.js';
import type { StackClient } from '../stack-client.js';
import { version } from '../version.js';

/** Without credentials that AWS accepts nothing can be checked. */
const isFatal = ({ code }: CommandError): boolean => /_CREDENTIALS$|^UNREACHABLE$/.test(code ?? '');

/** The configuration as the stack has it. A function that does not answer is a finding. @throws CommandError without credentials */
const ask = async (client: StackClient): Promise<{ readonly queried: Queried; readonly at?: string }> => {
  try {
    const { stack, at, ...installation } = await client.query('installation', {});
    return { queried: { stack, installation }, at };
  } catch (error) {
    if (!(error instanceof CommandError) || isFatal(error)) throw error;
    return { queried: { failure: error.message, isDenied: error.code === 'ACCESS_DENIED' } };
  }
};

/** What each service was deployed to with success; nothing of a service whose history is not answered. */
const deployedTo = async (client: StackClient, queried: Queried): Promise<Facts['deployed']> => {
  const services = 'installation' in queried ? [...placesOf(queried.installation).keys()] : [];
  return readEach(services, async (service) => {
    const history = await client.query('history', { service }).catch((error: unknown) => {
      if (!(error instanceof CommandError) || isFatal(error)) throw error;
      return undefined;
    });
    if (!history || !('deployments' in history)) return [];
    return history.deployments.flatMap(({ image, result }) => (image && result?.outcome === 'SUCCEEDED' ? [image] : []));
  });
};

const statusOf = (findings: readonly Finding[], isStrict: boolean): ExitStatus =>
  findings.some(({ severity }) => severity === 'error' || (isStrict && severity === 'warning'))
    ? exitStatuses.needsOperator
    : exitStatuses.ok;

export const run: Verb<[], { readonly strict?: boolean }> = async ({ connect, terminal, now }, _, { json, profile, strict = false }) => {
  const client = await connect();
  const { stage, region, settings } = client;
  terminal.progress(`checking the stack of stage ${stage} in ${region}`);
  const { queried, at } = await ask(client);
  const facts = await readInstallation(settings, `slipway-${stage}`, { queried, deployed: await deployedTo(client, queried) })
    .catch((error: unknown) => {
      throw explained(error, { action: 'read', resource: `slipway-${stage}`, region, stage, profile });
    })
    .finally(() => terminal.endProgress());
  const findings = diagnose(facts, {
    where: { stage, region, profile },
    own: { version, schema },
    now: at === undefined ? now() : new Date(at),
  });
  if (json) terminal.print(jsonText({ stage, region, findings }));
  else terminal.print(findingLines(findings, terminal).join('\n'));
  return statusOf(findings, strict);
};
