import type { Command, Images, Overview, ReleaseRow, ServiceRow } from '../../api.js';
import { isMoving, lookOfKind } from '../format/state.js';
import { imageName, shortDigest } from '../format/text.js';
import type { IconName } from '../parts/icon-paths.js';
import { historyHref, releaseHref, serviceHref } from '../routes.js';
import { type Match, match } from './fuzzy.js';

/** What the palette offers: a route to go to, or a command whose dialog opens. */
export type Entry = { readonly text: string; readonly detail?: string; readonly icon: IconName } & (
  | { readonly href: string }
  | { readonly command: Command }
);

export type FoundEntry = { readonly entry: Entry; readonly match: Match };

const views: readonly Entry[] = [
  { text: 'Overview', icon: 'overview', href: '/overview' },
  { text: 'History', icon: 'history', href: historyHref() },
  { text: 'Insights', icon: 'insights', href: '/insights' },
];

export const entriesOf = (stack: {
  readonly rows: readonly ServiceRow[];
  readonly releases: readonly ReleaseRow[];
  readonly attention: Overview['attention'];
  readonly images: readonly { readonly repository: string; readonly images: Images['images'] }[];
}): readonly Entry[] => [
  ...stack.rows.map(entryOfService),
  ...stack.releases.map((release) => ({
    text: `${release.repository} ${release.image ? imageName(release.image) : (release.tag ?? '')}`,
    detail: 'release under way',
    icon: lookOfKind(release.doing.kind).icon,
    href: releaseHref(release.repository, release.id),
  })),
  ...views,
  ...stack.rows.flatMap(commandsOfService),
  ...stack.attention.flatMap((one): readonly Entry[] =>
    one.kind === 'approval'
      ? [
          {
            text: `Review ${one.repository} ${imageName(one.image)} for ${one.stage}…`,
            icon: 'approval',
            href: releaseHref(one.repository, one.release),
          },
        ]
      : [],
  ),
  { text: 'Deploy an image…', icon: 'deploy', command: { command: 'deploy' } },
  ...stack.images.flatMap(({ repository, images }) => images.map((image) => entryOfImage(repository, image))),
];

const entryOfService = ({ id, state, sources: [source] }: ServiceRow): Entry => ({
  text: id,
  detail: state.outcome ?? (source ? imageName(source) : ''),
  icon: state.kind === 'steady' ? 'box' : lookOfKind(state.kind).icon,
  href: serviceHref(id),
});

const commandsOfService = ({ id, state }: ServiceRow): readonly Entry[] => {
  const held = state.kind === 'hold';
  return [
    { text: `Roll back ${id}…`, icon: 'back', command: { command: 'rollback', service: id } },
    { text: `Redeploy ${id}…`, icon: 'deploy', command: { command: 'redeploy', service: id } },
    held
      ? { text: `Release the hold of ${id}…`, icon: 'play', command: { command: 'unhold', service: id } }
      : { text: `Hold ${id}…`, icon: 'hold', command: { command: 'hold', service: id } },
    ...(isMoving(state.kind)
      ? [{ text: `Cancel the deployment of ${id}…`, icon: 'close', command: { command: 'cancel', service: id } } as const]
      : []),
    { text: `History of ${id}`, icon: 'history', href: historyHref({ service: id }) },
  ];
};

const entryOfImage = (repository: string, image: Images['images'][number]): Entry => ({
  text: `Deploy ${repository} ${imageName(image)}…`,
  detail: shortDigest(image.digest),
  icon: 'box',
  command: { command: 'deploy', repository, image: image.tag ? `${repository}:${image.tag}` : `${repository}@${image.digest}` },
});

/** Of one group. */
const atMost = 6;

/**
 * The best entries for what was typed, commands in a group of their own; among equals the order of `entries`. Without a word: what there is
 * to go to.
 */
export const search = (
  query: string,
  entries: readonly Entry[],
): { readonly run: readonly FoundEntry[]; readonly go: readonly FoundEntry[] } => {
  const found = entries
    .flatMap((entry) => {
      const hit = match(query, entry.text);
      return hit ? [{ entry, match: hit }] : [];
    })
    .sort((a, b) => Math.round(b.match.score) - Math.round(a.match.score));
  return {
    run: query.trim() ? found.filter(({ entry }) => 'command' in entry).slice(0, atMost) : [],
    go: found.filter(({ entry }) => 'href' in entry).slice(0, query.trim() ? atMost : 2 * atMost),
  };
};
