import type { ImageView } from '../../core/query/answers.js';

/** A repository of a host whose addresses are known. `base` has no slash at its end. */
type SourceRepository = { readonly host: Host; readonly base: string };
type Host = 'github.com' | 'gitlab.com' | 'bitbucket.org';

const hosts: ReadonlySet<string> = new Set<Host>(['github.com', 'gitlab.com', 'bitbucket.org']);

/** How the hosts address a commit, and the comparison of two. */
const addresses: Readonly<Record<Host, { commit: (of: string) => string; compare: (from: string, to: string) => string }>> = {
  'github.com': { commit: (of) => `commit/${of}`, compare: (from, to) => `compare/${from}...${to}` },
  'gitlab.com': { commit: (of) => `-/commit/${of}`, compare: (from, to) => `-/compare/${from}...${to}` },
  // Bitbucket has the newer one first, and a carriage return between them.
  'bitbucket.org': { commit: (of) => `commits/${of}`, compare: (from, to) => `branches/compare/${to}%0D${from}` },
};

const name = /^(?!\.+$)[\w.-]+$/;
const commitId = /^[0-9a-f]{7,64}$/i;

/** The repository that a label names: it comes with the image, so only the forms that are known become links. */
const repositoryOf = (sourceUrl: string | undefined): SourceRepository | undefined => {
  if (sourceUrl === undefined || !URL.canParse(sourceUrl)) return undefined;
  const { protocol, hostname, port, username, password, pathname } = new URL(sourceUrl);
  if (protocol !== 'https:' || !hosts.has(hostname) || port !== '' || username !== '' || password !== '') return undefined;
  const parts = (pathname.split('/-/')[0] ?? '').split('/').filter(Boolean);
  // Only GitLab has groups in groups; what follows a repository of the others is a place in it.
  const own = (hostname === 'gitlab.com' ? parts : parts.slice(0, 2)).map((part) => part.replace(/\.git$/, ''));
  if (own.length < 2 || !own.every((part) => name.test(part))) return undefined;
  return { host: hostname as Host, base: `https://${hostname}/${own.join('/')}` };
};

/** Of its source and its commit, by the image's labels. */
type Labelled = Pick<ImageView, 'sourceUrl' | 'commit'>;

/** Where an image's commit is shown; undefined unless its source is one of GitHub, GitLab or Bitbucket. */
export const commitUrl = ({ sourceUrl, commit = '' }: Labelled): string | undefined => {
  const repository = repositoryOf(sourceUrl);
  return repository && commitId.test(commit) ? `${repository.base}/${addresses[repository.host].commit(commit)}` : undefined;
};

/** Where the commits between two images are shown; undefined unless both have the same source. */
export const compareUrl = (before: Labelled, after: Labelled): string | undefined => {
  const [one, other] = [repositoryOf(before.sourceUrl), repositoryOf(after.sourceUrl)];
  const [from = '', to = ''] = [before.commit, after.commit];
  if (!one || one.base !== other?.base || from === to || !commitId.test(from) || !commitId.test(to)) return undefined;
  return `${one.base}/${addresses[one.host].compare(from, to)}`;
};
