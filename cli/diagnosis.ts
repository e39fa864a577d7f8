import { readInstallation } from '../aws/installation/installation.js';
import { readEach } from '../aws/installation/read.js';
import { diagnose } from '../core/doctor/diagnose.js';
import type { Facts, Queried } from '../core/doctor/facts.js';
import type { Finding } from '../core/doctor/finding.js';
import { placesOf } from '../core/doctor/services.js';
import { schema } from '../core/records/records.js';
import { explained } from './client-errors.js';
import { CommandError } from './command-error.js';
import type { StackClient } from './stack-client.js';
import { version } from './version.js';

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

/**
 * What is wrong with the installation, read with the caller's own credentials. `now`: for a stack that does not say its time.
 * @throws CommandError without credentials, or a way to AWS
 */
export const diagnosisOf = async (client: StackClient, profile: string | undefined, now: () => Date): Promise<readonly Finding[]> => {
  const { stage, region, settings } = client;
  const { queried, at } = await ask(client);
  const facts = await readInstallation(settings, `slipway-${stage}`, { queried, deployed: await deployedTo(client, queried) }).catch(
    (error: unknown) => {
      throw explained(error, { action: 'read', resource: `slipway-${stage}`, region, stage, profile });
    },
  );
  return diagnose(facts, {
    where: { stage, region, profile },
    own: { version, schema },
    now: at === undefined ? now() : new Date(at),
  });
};
