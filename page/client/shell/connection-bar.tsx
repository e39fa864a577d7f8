import { age } from '../format/time.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { type Connection, connection, problems } from '../state.js';
import { tryNow } from './events.js';
import { useSeconds } from './use-seconds.js';

type Lost = Extract<Connection, { state: 'lost' }>;

const LostText = ({ lost }: { lost: Lost }) => {
  const time = useSeconds();
  return (
    <p>
      <strong>Connection lost.</strong> What you see is {age((time - lost.since) / 1000)} old.{' '}
      <span aria-hidden="true">Next try in {age(Math.ceil((lost.nextTryAt - time) / 1000))}; </span>deployments go on without this page.
    </p>
  );
};

/** Says that the data are old, and what to do. */
export const ConnectionBar = () => {
  const known = connection.value;
  const expired = problems.value.find(({ reason }) => reason === 'CREDENTIALS_EXPIRED' || reason === 'NO_CREDENTIALS');
  if (known.state === 'ended')
    return (
      <div class="lost-bar" role="alert">
        <Icon name="lost" size={18} />
        <p>
          <strong>The session has ended.</strong> {known.message}
        </p>
      </div>
    );
  if (known.state === 'lost')
    return (
      <div class="lost-bar">
        <Icon name="lost" size={18} />
        <LostText lost={known} />
        <Button onClick={tryNow}>Try now</Button>
      </div>
    );
  if (!expired) return null;
  return (
    <div class="lost-bar" role="alert">
      <Icon name="lost" size={18} />
      <p>
        <strong>{expired.reason === 'CREDENTIALS_EXPIRED' ? 'Your credentials have expired.' : 'There are no credentials.'}</strong>{' '}
        {expired.message}
        {expired.command && <code class="command">{expired.command}</code>}
      </p>
    </div>
  );
};
