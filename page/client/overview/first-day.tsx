import type { FirstDay as FirstDayData } from '../../api.js';
import { list } from '../format/text.js';
import { Banner } from '../parts/banner.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { showToast } from '../shell/toasts.js';
import { overview } from '../state.js';
import { useResource } from '../use-resource.js';
import { Services } from './services.js';

const signIn = (registry: string): string => {
  const region = overview.value?.stack.region ?? '';
  return `aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}`;
};

type Repository = FirstDayData['repositories'][number];

const push = (registry: string, { repository, exampleTag }: Repository): string => {
  const image = `${registry}/${repository}:${exampleTag}`;
  return `docker build -t ${image} .\ndocker push ${image}`;
};

const stageWords = ({ name, hasApproval, hasWindow }: Repository['stages'][number]): string =>
  `to ${name}${hasApproval ? ' after an approval' : ''}${hasWindow ? ' within its window' : ''}`;

const copy = (text: string): void => {
  navigator.clipboard.writeText(text).then(
    () => showToast({ title: 'Copied', tone: 'green' }),
    () =>
      showToast({
        title: 'The browser does not let the page copy',
        text: 'Select the commands and copy them by hand.',
        tone: 'amber',
        icon: 'warning',
      }),
  );
};

const Findings = ({ known }: { known: FirstDayData['findings'] }) => {
  const { data, isLoading } = useResource<Pick<FirstDayData, 'findings'>>('/api/doctor');
  const findings = data?.findings ?? known ?? [];
  if (isLoading && !known) return <p class="quiet">Checks are running.</p>;
  if (findings.length === 0) return <Banner icon="succeeded" title="The checks have no finding." />;
  return (
    <>
      {findings.map(({ message, toDo, command }) => (
        <Banner key={message} tone="amber" title={message}>
          <p>{toDo}</p>
          {command && <code class="command">{command}</code>}
        </Banner>
      ))}
    </>
  );
};

/** While nothing was ever deployed: how to push, what is ready, what is not. */
export const FirstDay = ({ day }: { day: FirstDayData }) => {
  const [first] = day.repositories;
  if (!first) return <Services />;
  const commands = `${signIn(day.registry)}\n${push(day.registry, first)}`;
  return (
    <div class="first-day">
      <h1>Push an image, and it deploys</h1>
      <p class="lead">
        Nothing has been deployed yet. Slipway listens for tags {list(first.tags, 'and')} of the repository{' '}
        <strong>{first.repository}</strong>
        {day.repositories.length > 1 && ` and of ${day.repositories.length - 1} more`}, and deploys them{' '}
        {list(first.stages.map(stageWords), 'and')}.
      </p>
      <div class="panel">
        <ol class="steps">
          <li>
            <h2>Sign in to the registry</h2>
            <pre class="command">{signIn(day.registry)}</pre>
          </li>
          <li>
            <h2>Build and push</h2>
            <pre class="command">{push(day.registry, first)}</pre>
          </li>
          <li>
            <h2>Watch it here</h2>
            <p class="quiet">The release appears seconds after the push, with its stages, its tasks and how it ended.</p>
          </li>
        </ol>
        <div class="listening">
          <Icon name="moving" class="tone-blue" />
          <p class="grow">
            <strong>Listening for the first push</strong> to{' '}
            {list(
              day.repositories.map(({ repository }) => repository),
              'or',
            )}
            .
          </p>
          <Button icon="copy" onClick={() => copy(commands)}>
            Copy the commands
          </Button>
        </div>
      </div>
      <Services />
      <Findings known={day.findings} />
    </div>
  );
};
