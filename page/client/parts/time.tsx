import { age, clockTime, dateTime, timeOf } from '../format/time.js';
import { now } from '../now.js';

/** How long ago, by the server's clock; it counts on. */
export const Age = ({ at }: { at: string | undefined }) => {
  const time = timeOf(at);
  if (at === undefined || time === undefined) return null;
  return (
    <time dateTime={at} title={dateTime(at)}>
      {age((now.value - time) / 1000)}
    </time>
  );
};

/** A time of the day; its title has the date too. */
export const At = ({ at, withDate }: { at: string; withDate?: boolean }) => (
  <time dateTime={at} title={dateTime(at)}>
    {withDate ? dateTime(at) : clockTime(at)}
  </time>
);
