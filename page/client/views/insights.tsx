import { useState } from 'preact/hooks';
import type { Insights } from '../../api.js';
import { definitions } from '../../definitions.js';
import { count } from '../format/text.js';
import { ByService } from '../insights/by-service.js';
import { type Card, cardsOf, longMonth, shortMonth } from '../insights/measures.js';
import { ErrorBanner, ProblemBanner } from '../parts/banner.js';
import { Segments } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { MiniBars } from '../parts/mini-bars.js';
import { Panel, Skeleton } from '../parts/panel.js';
import { Tooltip } from '../parts/tooltip.js';
import { serviceIds } from '../state.js';
import { useResource } from '../use-resource.js';
import '../styles/views.css';
import '../styles/insights.css';

const periods = [
  { key: 3, text: '3 months' },
  { key: 12, text: '12 months' },
] as const;
const whole = (number: number): string => number.toLocaleString('en-GB');

/** DORA's four measures by month, by service, and why deployments ended as they did. */
export const InsightsView = () => {
  const [months, setMonths] = useState<3 | 12>(12);
  const [stage, setStage] = useState('last');
  const [service, setService] = useState('');
  const query = new URLSearchParams({ months: String(months), stage, ...(service && { service }) });
  const { data, error } = useResource<Insights>(`/api/insights?${query}`);
  return (
    <div class="view insights">
      <h1 class="visually-hidden">Insights</h1>
      <div class="filter-line">
        <Segments label="Period" options={periods} value={months} onChange={setMonths} />
        {data?.stages && (
          <Choice title="Stage" none={['last', 'last of each repository']} options={data.stages} value={stage} onChange={setStage} />
        )}
        <Choice title="Service" none={['', 'all']} options={serviceIds.value} value={service} onChange={setService} />
        {data && <Basis data={data} />}
      </div>
      {error && <ErrorBanner error={error} />}
      {data?.problems.map((problem) => (
        <ProblemBanner key={problem.of + problem.reason} problem={problem} />
      ))}
      {!data && !error && <Skeleton rows={12} />}
      {data && <Measures data={data} />}
    </div>
  );
};

type ChoiceProps = {
  title: string;
  none: readonly [string, string];
  options: readonly string[];
  value: string;
  onChange: (value: string) => void;
};

const Choice = ({ title, none: [noneKey, noneText], options, value, onChange }: ChoiceProps) => (
  <label class="select">
    <span>{title}</span>
    <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      <option value={noneKey}>{noneText}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  </label>
);

const Basis = ({ data: { months, records, isComplete } }: { data: Insights }) => {
  const present = months.at(-1);
  return (
    <span class="quiet total">
      {present && `${longMonth(present.month)} so far; `}computed from {whole(records)} records
      {!isComplete && ', still reading'}
    </span>
  );
};

const Measures = ({ data }: { data: Insights }) => (
  <>
    <div class="measures">
      {cardsOf(data.months).map((card) => (
        <MeasureCard key={card.measure} card={card} data={data} />
      ))}
    </div>
    {data.records === 0 ? (
      <p class="quiet">No deployment of these stages and services has ended in these months.</p>
    ) : (
      <div class="insights-columns">
        <ByService services={data.services} />
        <Reasons data={data} />
      </div>
    )}
  </>
);

const arrows = { up: '↑', down: '↓', same: '=' } as const;

const MeasureCard = ({ card, data: { months } }: { card: Card; data: Insights }) => {
  const { title, text } = definitions[card.measure];
  const { change } = card;
  return (
    <section class="measure" aria-label={title}>
      <h2>
        {title} <Tooltip label={title} text={text} />
      </h2>
      <p class="value">
        <strong>{card.value ?? '–'}</strong> {card.value ? card.unit : 'nothing measured this month'}
      </p>
      <p class={change?.isWorse ? 'tone-red' : 'quiet'}>
        {change && (
          <>
            {change.isWorse ? <Icon name="warning" label="worse" size={14} /> : <span aria-hidden="true">{arrows[change.direction]}</span>}{' '}
            {change.text}
          </>
        )}
      </p>
      <MiniBars values={card.values} size={{ width: 228, height: 42 }} label={card.label} />
      <p class="months quiet" aria-hidden="true">
        <span>{months[0] && shortMonth(months[0].month)}</span>
        <span>{months.length > 1 && shortMonth(months.at(-1)?.month ?? '')}</span>
      </p>
    </section>
  );
};

const Reasons = ({ data: { reasons, months } }: { data: Insights }) => {
  const largest = Math.max(1, ...reasons.map((one) => one.count));
  return (
    <Panel title="Most frequent reasons" aside={count(months.length, 'month')} isFlush class="reasons">
      {reasons.length === 0 && <p class="panel-body quiet">No change failed in these months.</p>}
      <ul>
        {reasons.map(({ reason, count: number, services }) => (
          <li key={reason}>
            <code>{reason}</code>
            <b>{number}</b>
            <svg width="100%" height="5" aria-hidden="true">
              <rect class="scale" width="100%" height="5" rx="2.5" />
              <rect class="share" width={`${(number / largest) * 100}%`} height="5" rx="2.5" />
            </svg>
            <span class="quiet">{services.map((one) => `${one.service} ${one.count}`).join(', ')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
};
