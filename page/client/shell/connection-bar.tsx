import { useEffect, useState } from 'preact/hooks';
import { age } from '../format/time.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { connection, problems } from '../state.js';
import { tryNow } from './events.js';

/** The browser's time, once a second: the connection is between the browser and the page's server. */
const useSeconds = (isOn: boolean): number => {
  const [time, setTime] = useState(Date.now());
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setTime(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isOn]);
  return Math.max(time, Date.now());
};

/** Says that the data are old, and what to do. */
export const ConnectionBar = () => {
  const known = connection.value;
  const time = useSeconds(known.state === 'lost');
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
      <div class="lost-bar" role="status">
        <Icon name="lost" size={18} />
        <p aria-live="off">
          <strong>Connection lost.</strong> What you see is {age((time - known.since) / 1000)} old. Next try in{' '}
          {age(Math.ceil((known.nextTryAt - time) / 1000))}; deployments go on without this page.
        </p>
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
