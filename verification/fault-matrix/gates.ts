import type { Pipeline } from '../../test/support/pipeline.js';
import { web, worker } from '../../test/support/staged.js';
import { type Item, itemsOf } from '../../test/support/table.js';
import { minutes } from './fault-case.js';

/** Lets time pass until a release waits at a gate: the nth visit that has returned without an answer. */
export const atGate = async ({ account: { clock, log } }: Pipeline, nth = 1): Promise<void> => {
  const visits = () => log.of('states', 'task-submitted').filter(({ detail }) => detail.state === 'PassGates');
  await clock.run({ until: () => visits().length >= nth });
};

/** The digest of the release that waits. */
export const waitingDigest = async (pipeline: Pipeline): Promise<string> => String((await gates(pipeline))[0]?.digest);

const gates = async (pipeline: Pipeline): Promise<Item[]> => (await itemsOf(pipeline)).filter(({ sk }) => sk.startsWith('gate#'));

const approver = { repository: 'my-learn-app', stage: 'production', by: 'ada', reason: 'reviewed' };

type Answer = { readonly outcome?: string };

/** Asks a function as people do: once there is something to ask for, again and later each time, for two hours. */
const insist = async (pipeline: Pipeline, isDue: (gate: Item) => boolean, ask: () => Promise<Answer>): Promise<void> => {
  for (const delay of [10_000, minutes, 5 * minutes, 20 * minutes, 30 * minutes, 60 * minutes]) {
    const found = (await gates(pipeline)).some(isDue);
    if (found && (await ask()).outcome === 'SUCCEEDED') return;
    await pipeline.account.clock.advance(delay);
  }
};

/** Answers the request for approval of a digest. */
export const decide = (pipeline: Pipeline, command: 'approve' | 'reject', digest: string): Promise<void> =>
  insist(
    pipeline,
    (gate) => gate.digest === digest && gate.approval === 'AWAITING',
    async () => (await pipeline.invoke('decide', { command, ...approver, digest })) as Answer,
  );

/** Cancels the release that waits. */
export const cancelRelease = (pipeline: Pipeline): Promise<void> =>
  insist(
    pipeline,
    ({ cancelledAt, passedAt }) => cancelledAt === undefined && passedAt === undefined,
    async () => (await pipeline.invoke('control', { command: 'cancel', ...approver })) as Answer,
  );

/** The image of each update that Slipway sent for a service. */
const rolledOut = ({ account }: Pipeline, items: readonly Item[], service: string): string[] => {
  const updates = account.log.of('ecs', 'service-updated').filter(({ detail }) => String(detail.by).includes('UpdateServiceRole'));
  const sent = updates.map(({ detail }) => detail.taskDefinition);
  return items
    .filter(({ pk, sk, revision }) => pk === `service#${service}` && sk.startsWith('deployment#') && sent.includes(revision))
    .map(({ image }) => String((image as { readonly digest?: string } | undefined)?.digest));
};

/** What is not so about the gate of production, where only these digests were approved. */
export const gateViolations = async (pipeline: Pipeline, approved: readonly string[]): Promise<string[]> => {
  const items = await itemsOf(pipeline);
  return [
    ...rolledOut(pipeline, items, web)
      .filter((digest) => !approved.includes(digest))
      .map((digest) => `Nothing is deployed without approval: ${web} got ${digest}`),
    ...items.filter(({ sk }) => sk.startsWith('gate#')).map(({ sk, release }) => `Nothing is left behind: ${release} still has ${sk}`),
  ];
};

type Source = { readonly lastDeployed?: { readonly digest: string }; readonly quarantine?: readonly { readonly digest: string }[] };

const sourceOf = (items: readonly Item[], service: string): Source => {
  const state = items.find(({ pk, sk }) => pk === `service#${service}` && sk === 'state');
  return { lastDeployed: state?.['lastDeployed#my-learn-app'], quarantine: state?.['quarantine#my-learn-app'] } as Source;
};

/**
 * What is not so about services that run the image `before`, as before the release of the tag `main-2` that was rolled back.
 *
 * @param failed the services on which its image failed: it is quarantined nowhere else
 */
export const undoViolations = async (pipeline: Pipeline, before: string, failed: readonly string[]): Promise<string[]> => {
  const items = await itemsOf(pipeline);
  const release = items.find(({ sk, tag }) => sk.startsWith('release#') && tag === 'main-2');
  const { digest = '' } = (release?.image ?? {}) as { readonly digest?: string };
  return [web, worker].flatMap((service) => {
    const { lastDeployed, quarantine = [] } = sourceOf(items, service);
    const running = pipeline.running(service);
    const isQuarantined = quarantine.some((one) => one.digest === digest);
    return [
      ...(running.length === 1 && running[0] === before ? [] : [`A stage is deployed wholly or not at all: ${service} runs ${running}`]),
      ...(lastDeployed?.digest === before ? [] : [`What was undone was not deployed: ${service} has ${lastDeployed?.digest}`]),
      ...(isQuarantined && !failed.includes(service) ? [`A digest is quarantined where it failed, and not in ${service}`] : []),
    ];
  });
};
