import type { Artifact } from '../../../aws/image.js';
import type { Configuration } from '../../../core/configuration/configuration.js';
import { planRelease } from '../../../functions/release/plan-release.js';
import { digest, configuration as example, image, registry, releaseExecution, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

export const record = `repository#my-learn-app release#${startedAt}#push-1`;
/** The event of a push, with changes of its detail. */
export const push = (detail: object = {}) => ({
  'detail-type': 'ECR Image Action',
  source: 'aws.ecr',
  time: '2026-11-23T11:59:58Z',
  detail: {
    result: 'SUCCESS',
    'action-type': 'PUSH',
    'repository-name': 'my-learn-app',
    'image-tag': 'main-7',
    'image-digest': digest,
    ...detail,
  },
});
export const pushedAt = '2026-11-23T11:59:58Z';
export const mine = { execution: releaseExecution, record, pushes: { staging: pushedAt, production: pushedAt } };
/** The input of PlanRelease for an input of its execution. */
export const start = (input: unknown) => ({ input, execution: releaseExecution, startedAt, now: startedAt });
type Given = Parameters<typeof givenTable>[0] & {
  /** What the registry answers, one answer a question; the last one stays. */
  readonly found?: readonly (typeof image | Artifact | undefined)[];
  readonly isRunning?: boolean | ((execution: string) => boolean);
  readonly configuration?: Configuration;
};
/** PlanRelease over a table and a registry. */
export const given = ({ found = [image], isRunning = true, configuration = example, ...items }: Given = {}) => {
  const table = givenTable(items);
  const asked: unknown[] = [];
  const run = planRelease({
    configuration,
    registry: () => registry,
    images: {
      find: async (...question) => {
        asked.push(question);
        const answer = found[Math.min(asked.length, found.length) - 1];
        const { tag } = question[2];
        if (!answer || 'artifactType' in answer) return answer;
        const { tag: _, ...untagged } = answer;
        return { ...untagged, ...(tag !== undefined && { tag }) };
      },
    },
    executions: { isRunning: async (execution) => (typeof isRunning === 'boolean' ? isRunning : isRunning(execution)) },
    ...table,
  });
  return { table, asked, run };
};
