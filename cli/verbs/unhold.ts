import * as requests from '../../core/commands/requests.js';
import type { ServiceStatus } from '../../core/query/answers.js';
import { invoke } from '../act.js';
import { confirming } from '../confirm.js';
import type { Verb } from '../context.js';
import { type OperatorOptions, operatorOf } from '../operator.js';
import { imageText } from '../preview.js';

const keptBack = ({ service, sources }: ServiceStatus): string[] =>
  sources.flatMap(({ repository, withheld }) => (withheld ? `${service} gets ${imageText({ repository, ...withheld })}` : []));

export const run: Verb<[service: string], OperatorOptions> = async (context, [service], options) => {
  const confirm = confirming(context, 'unhold');
  const client = await context.connect();
  await confirm(async () => {
    const { services } = await client.query('status', service === '*' ? {} : { service });
    return {
      preview: services.flatMap(keptBack),
      question: `Release the hold of ${service === '*' ? 'every service' : service}, and deploy what it has kept back?`,
    };
  });
  return invoke(context, client, requests.unhold(service, operatorOf(context.environment, options)));
};
