import { secondsBetween } from '../../core/notification/seconds-between.js';
import type { DeploymentView, ReleaseView, ServiceOfStage, StageView } from '../../core/query/answers.js';
import type { TimelineEntry } from '../api.js';
import { deploymentHref } from '../client/routes.js';

const shortCommit = (commit: string): string => commit.slice(0, 8);

/** What came before it: the commit, by its label, and the push or the start by hand. */
const beginning = ({ image, tag, repository, trigger, pushedAt, startedAt, id }: ReleaseView): TimelineEntry[] => {
  const named = `${repository}${(image?.tag ?? tag) ? `:${image?.tag ?? tag}` : ''}`;
  const isByHand = trigger.kind === 'hand';
  return [
    ...(image?.created === undefined
      ? []
      : [
          {
            at: image.created,
            kind: 'commit' as const,
            title: image.commit === undefined ? 'The image was made' : `Commit ${shortCommit(image.commit)}`,
            from: 'image label',
          },
        ]),
    ...(isByHand ? [] : [{ at: pushedAt, kind: 'push' as const, title: `${named} was pushed`, from: 'ECR' }]),
    {
      at: startedAt,
      kind: 'started',
      title: isByHand ? `${named}, by ${trigger.by ?? 'hand'}` : 'Release started',
      ...(trigger.reason !== undefined && { detail: trigger.reason }),
      from: id,
    },
  ];
};

const isGood = (outcome: string): boolean => outcome === 'SUCCEEDED' || outcome === 'SKIPPED';

const endOf = ({ service, id, startedAt, endedAt, result }: DeploymentView, title: string, from: string): TimelineEntry[] =>
  endedAt === undefined || !result
    ? []
    : [
        {
          at: endedAt,
          kind: isGood(result.outcome) ? 'succeeded' : 'failed',
          title,
          detail: `${result.outcome}, ${result.reason}`,
          from,
          seconds: secondsBetween(startedAt, endedAt),
          href: deploymentHref(service, id),
        },
      ];

const startOf = ({ service, id, startedAt }: DeploymentView, title: string, from: string, kind: 'started' | 'rollback'): TimelineEntry => ({
  at: startedAt,
  kind,
  title,
  from,
  href: deploymentHref(service, id),
});

const ofService = ({ deployment, undo }: ServiceOfStage, stage: string): TimelineEntry[] => [
  ...(deployment
    ? [startOf(deployment, `${deployment.service} started`, stage, 'started'), ...endOf(deployment, deployment.service, stage)]
    : []),
  ...(undo
    ? [startOf(undo, `${undo.service} is rolled back`, stage, 'rollback'), ...endOf(undo, `${undo.service}, rolled back`, stage)]
    : []),
];

const ofBefore = ({ before, name }: StageView): TimelineEntry[] => {
  const run = before?.deployment;
  if (!run) return [];
  return [startOf(run, 'Before task started', name, 'started'), ...endOf(run, 'Before task', name)];
};

/** When its last service ended, once all have. */
const completion = ({ name, state, services }: StageView): TimelineEntry[] => {
  const ends = services.flatMap(({ deployment }) => deployment?.endedAt ?? []).sort();
  const starts = services.flatMap(({ deployment }) => deployment?.startedAt ?? []).sort();
  const [start, end] = [starts[0], ends.at(-1)];
  if (state !== 'succeeded' || start === undefined || end === undefined) return [];
  return [{ at: end, kind: 'succeeded', title: `Stage ${name} is complete`, seconds: secondsBetween(start, end) }];
};

const asked: Readonly<Record<NonNullable<ReleaseView['waiting']>['for'], Pick<TimelineEntry, 'kind' | 'title'>>> = {
  approval: { kind: 'approval', title: 'Approval asked' },
  window: { kind: 'wait', title: 'Waits for its window' },
  scan: { kind: 'wait', title: 'Waits for the scan of its image' },
};

const ofGates = ({ waiting, approvals }: ReleaseView): TimelineEntry[] => [
  ...approvals.map(({ stage, by, reason, at }) => ({
    at,
    kind: 'approval' as const,
    title: by === undefined ? 'Approved' : `Approved by ${by}`,
    ...(reason !== undefined && { detail: reason }),
    from: stage,
  })),
  ...(waiting ? [{ at: waiting.since, ...asked[waiting.for], from: waiting.stage }] : []),
];

const releaseEnd = ({ startedAt, endedAt, result }: ReleaseView): TimelineEntry[] =>
  endedAt === undefined || !result
    ? []
    : [
        {
          at: endedAt,
          kind: isGood(result.outcome) ? 'succeeded' : 'failed',
          title: `${result.outcome}, ${result.reason}`,
          detail: result.message,
          seconds: secondsBetween(startedAt, endedAt),
        },
      ];

/** What happened to a release, the newest first. */
export const releaseTimeline = (release: ReleaseView): TimelineEntry[] =>
  [
    ...beginning(release),
    ...release.stages.flatMap((stage) => [
      ...ofBefore(stage),
      ...stage.services.flatMap((one) => ofService(one, stage.name)),
      ...completion(stage),
    ]),
    ...ofGates(release),
    ...releaseEnd(release),
  ]
    // Entries of one moment stay in the order in which they happened, the last one first.
    .reverse()
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
