import type { ComponentChildren } from 'preact';
import type { Problem } from '../../api.js';
import { RequestError } from '../http.js';
import { Link } from '../router.js';
import { Icon, type IconName } from './icons.js';

/** What is the case, and what to do. `solid` is white on red. */
export const Banner = (props: {
  tone?: 'amber' | 'red' | 'solid' | 'none';
  icon?: IconName;
  title: ComponentChildren;
  children?: ComponentChildren;
  action?: ComponentChildren;
}) => (
  <div class={`banner banner-${props.tone ?? 'none'}`}>
    <Icon name={props.icon ?? 'warning'} size={18} />
    <div class="grow">
      <strong>{props.title}</strong>
      {props.children}
    </div>
    {props.action}
  </div>
);

const parts: Readonly<Record<Problem['of'], string>> = {
  stack: 'The stack',
  services: 'The services in ECS',
  tasks: 'The tasks',
  lostMessages: 'Undelivered messages',
  machine: 'The state machine',
  history: 'The history',
  diff: 'The difference of the task definitions',
  logs: 'The logs',
  identity: 'Your identity',
  doctor: 'The checks',
};

/** In the place of what a read did not bring. */
export const ProblemBanner = ({ problem }: { problem: Pick<Problem, 'of' | 'message' | 'permission' | 'command'> }) => (
  <Banner tone="amber" title={`${parts[problem.of]} cannot be read`}>
    <p>{problem.message}</p>
    {problem.permission && (
      <p>
        Missing permission: <code>{problem.permission}</code>
      </p>
    )}
    {problem.command && <code class="command">{problem.command}</code>}
  </Banner>
);

/** In the place of a view that could not be read. Of a name that nothing has: the nearest ones. */
export const ErrorBanner = ({ error }: { error: Error }) => {
  const { reason, suggestions = [] } = error instanceof RequestError ? error.error : {};
  return (
    <Banner tone="amber" title={reason === 'NOT_FOUND' ? 'Not found' : 'This cannot be read now'}>
      <p>{error.message}</p>
      {suggestions.length > 0 && <p>Nearest names:</p>}
      {suggestions.length > 0 && (
        <ul>
          {suggestions.map(({ name, href }) => (
            <li key={href}>
              <Link class="link" href={href}>
                {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Banner>
  );
};

/** All of a view that could not be read. */
export const ViewError = ({ error, title }: { error: Error; title: string }) => (
  <section class="view-error">
    <h1>{title}</h1>
    <ErrorBanner error={error} />
  </section>
);
