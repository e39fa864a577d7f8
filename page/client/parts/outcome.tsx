import type { Outcome as Code } from '../../../core/result/result.js';
import { isAlarm, lookOfOutcome } from '../format/state.js';
import { Badge } from './badge.js';

/** How something ended, as its code. */
export const Outcome = ({ outcome }: { outcome: Code }) => {
  const { icon, tone } = lookOfOutcome(outcome);
  return (
    <Badge tone={isAlarm(outcome) ? 'solid' : tone} icon={icon}>
      {outcome}
    </Badge>
  );
};
