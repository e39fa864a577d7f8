import type { ImageName } from '../core/commands/requests.js';
import { isRepositoryName, isTag } from '../core/image/ecr-names.js';
import { parseRegistry } from '../core/image/image-reference.js';
import { suggestionFor } from '../core/input/suggestion.js';
import type { InstallationAnswer } from '../core/query/answers.js';
import { CommandError } from './command-error.js';
import { exitStatuses } from './exit-status.js';
import type { StackClient } from './stack-client.js';

/** What a name means: a service `cluster/service`, or a repository. */
export type Subject = { readonly service: string } | { readonly repository: string };

/** `--service` and `--repository`: which of the two the name is of. */
export type NameOptions = { readonly service?: boolean; readonly repository?: boolean };

type Configured = Pick<InstallationAnswer, 'repositories'>;

const usage = (message: string): CommandError => new CommandError(message, { status: exitStatuses.usage });

const digestPattern = /^sha256:[0-9a-f]{64}$/;
const imageForms = 'expected repository:tag, repository:tag@sha256:… or repository@sha256:…';

/** Parses `repository:tag`, `repository:tag@digest` or `repository@digest`. @throws CommandError for anything else, with what is wrong */
export const parseImage = (text: string): ImageName => {
  const [name = '', digest, ...more] = text.split('@');
  const slash = name.indexOf('/');
  if (parseRegistry(name.slice(0, Math.max(0, slash))))
    throw usage(`the image is named without its registry, which is that of the stack: ${text.slice(slash + 1)}`);
  const colon = name.lastIndexOf(':');
  const repository = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (!isRepositoryName(repository)) throw usage(`${JSON.stringify(repository)} is no name of a repository; ${imageForms}`);
  if (tag !== undefined && !isTag(tag)) throw usage(`${JSON.stringify(tag)} is no tag; ${imageForms}`);
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest)))
    throw usage(`${JSON.stringify([digest, ...more].join('@'))} is no digest, which is sha256: and 64 hexadecimal digits; ${imageForms}`);
  if (tag === undefined && digest === undefined) throw usage(`${text} has neither a tag nor a digest; ${imageForms}`);
  return { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
};

export const repositoriesOf = ({ repositories }: Configured): string[] => repositories.map(({ repository }) => repository);

/** Each once, also one that several repositories deploy. */
export const servicesOf = ({ repositories }: Configured): string[] => [
  ...new Set(repositories.flatMap(({ stages }) => stages.flatMap(({ services }) => services.map(({ service }) => service)))),
];

/**
 * What a name means in slipway.yml as the stack has it. An option decides, without a look there: a service that was taken out still has
 * its history.
 * @throws CommandError if it is neither, with what was probably meant, or if it is both
 */
export const resolveName = (name: string, installation: Configured, options: NameOptions = {}): Subject => {
  if (options.service && options.repository) throw usage('--service and --repository exclude each other: the name is of one of them');
  if (options.service) return { service: name };
  if (options.repository) return { repository: name };
  const [services, repositories] = [servicesOf(installation), repositoriesOf(installation)];
  const [isService, isRepository] = [services.includes(name), repositories.includes(name)];
  if (isService && isRepository)
    throw usage(`${name} is a service and a repository of slipway.yml: say which, with --service or --repository`);
  if (isService) return { service: name };
  if (isRepository) return { repository: name };
  throw unknown(name, 'neither a service nor a repository', [...services, ...repositories]);
};

/** What a name means in a stack, which is asked unless an option decides. @throws CommandError as resolveName, and as `query` */
export const subjectOf = async (client: Pick<StackClient, 'query'>, name: string, options: NameOptions): Promise<Subject> =>
  resolveName(name, options.service || options.repository ? { repositories: [] } : await client.query('installation', {}), options);

/** @throws CommandError if slipway.yml has no such service */
export const resolveService = (name: string, installation: Configured): string => {
  const services = servicesOf(installation);
  if (services.includes(name)) return name;
  const isRepository = repositoriesOf(installation).includes(name);
  throw unknown(name, isRepository ? 'a repository, not a service' : 'no service', services);
};

/** @throws CommandError if slipway.yml has no such repository */
export const resolveRepository = (name: string, installation: Configured): string => {
  const repositories = repositoriesOf(installation);
  if (repositories.includes(name)) return name;
  const isService = servicesOf(installation).includes(name);
  throw unknown(name, isService ? 'a service, not a repository' : 'no repository', repositories);
};

/** Names in one message at most; a stack may have hundreds. */
const namedAtMost = 5;

const unknown = (name: string, what: string, candidates: readonly string[]): CommandError => {
  const ofAnyCluster = candidates.filter((one) => one.endsWith(`/${name}`));
  const meant = suggestionFor(name, candidates);
  const probable = meant === undefined ? ofAnyCluster : [meant];
  const said = `${JSON.stringify(name)} is ${what} of slipway.yml as the stack has it`;
  if (probable.length > 0) return usage(`${said}; did you mean ${listed(probable, 'or')}?`);
  return usage(`${said}, which names ${listed(candidates, 'and')}`);
};

const listed = (names: readonly string[], conjunction: 'and' | 'or'): string => {
  const shown = names.slice(0, namedAtMost);
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  return all.length < 2 ? (all[0] ?? 'none') : `${all.slice(0, -1).join(', ')} ${conjunction} ${all.at(-1)}`;
};
