import { nearTime } from '../format/time.js';
import { now } from '../now.js';
import { NeedsYou } from '../overview/attention.js';
import { FirstDay } from '../overview/first-day.js';
import { UnderWay } from '../overview/releases.js';
import { Services } from '../overview/services.js';
import { Banner, ProblemBanner } from '../parts/banner.js';
import { Skeleton } from '../parts/panel.js';
import { connection, overview, problems } from '../state.js';
import '../styles/overview.css';

const HoldOfAll = () => {
  const hold = overview.value?.holdOfAll;
  if (!hold) return null;
  return (
    <Banner
      icon="hold"
      title={`Every service is on hold${hold.by ? ` by ${hold.by}` : ''} until ${hold.until ? nearTime(hold.until, now.value) : 'released'}`}
    >
      {hold.reason && <p>{hold.reason}</p>}
    </Banner>
  );
};

/** Those of the credentials have the bar above. */
const Problems = () => {
  const shown = problems.value.filter(({ reason }) => reason !== 'CREDENTIALS_EXPIRED' && reason !== 'NO_CREDENTIALS');
  return (
    <>
      {shown.map((problem) => (
        <ProblemBanner key={`${problem.of} ${problem.reason} ${problem.permission ?? ''}`} problem={problem} />
      ))}
    </>
  );
};

/** What runs where, what moves, what needs an operator. */
export const OverviewView = () => {
  const known = overview.value;
  if (!known) return connection.value.state === 'ended' ? null : <Skeleton rows={10} />;
  if (known.firstDay)
    return (
      <div class="overview">
        <Problems />
        <FirstDay day={known.firstDay} />
      </div>
    );
  return (
    <div class="overview">
      <h1 class="visually-hidden">Overview</h1>
      <NeedsYou />
      <HoldOfAll />
      <Problems />
      <UnderWay />
      <Services />
    </div>
  );
};
