import { useEffect, useRef, useState } from 'preact/hooks';
import type { HistoryRecord } from '../../api.js';
import { lookOfKind, wordsOfState } from '../format/state.js';
import { imageName } from '../format/text.js';
import { clockTime, dateTime, dayName, duration, nearTime } from '../format/time.js';
import { now } from '../now.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { Outcome } from '../parts/outcome.js';
import { Table } from '../parts/table.js';
import { Link } from '../router.js';
import { serviceRow } from '../state.js';
import { type Chunk, chunksOf, daysOf } from './days.js';
import { hrefOfRecord, secondsOf, stateOf, subjectOf, wordsOfTrigger } from './record.js';
import '../styles/history.css';

const columns = [
  { title: 'Outcome' },
  { title: 'Service' },
  { title: 'What changed' },
  { title: 'Reason' },
  { title: 'Trigger' },
  { title: 'Start' },
  { title: 'Duration', isNumber: true },
];
const windowedAbove = 300;
const chunkSize = 50;
const rowHeight = 40;

/** Records by day, newest first. Of more than 300, those near to what is looked at are rendered. */
export const Records = ({
  records,
  caption,
  isShort = false,
}: {
  records: readonly HistoryRecord[];
  caption: string;
  isShort?: boolean;
}) => {
  const days = daysOf(records, { now: now.peek(), isShort });
  const isWindowed = records.length > windowedAbove;
  return (
    <Table caption={caption} columns={columns} class="records">
      {chunksOf(days, isWindowed ? chunkSize : Number.MAX_SAFE_INTEGER).map((chunk) => (
        <Part key={chunk.key} chunk={chunk} isWindowed={isWindowed} hasDate={chunk.key === 'earlier'} />
      ))}
    </Table>
  );
};

type PartProps = { chunk: Chunk<HistoryRecord>; isWindowed: boolean; hasDate: boolean };

const Part = ({ chunk, isWindowed, hasDate }: PartProps) => {
  const element = useRef<HTMLTableSectionElement>(null);
  const [isNear, setNear] = useState(false);
  const height = useRef(chunk.rows.length * rowHeight);
  useEffect(() => {
    if (!isWindowed || !element.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        if (!entry.isIntersecting && entry.boundingClientRect.height > 0) height.current = entry.boundingClientRect.height;
        setNear(entry.isIntersecting);
      },
      { rootMargin: '800px' },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [isWindowed]);
  return (
    <tbody ref={element}>
      {isWindowed && !isNear ? (
        <tr class="spacer">
          <td colSpan={columns.length} style={{ height: `${height.current}px` }} />
        </tr>
      ) : (
        <>
          {chunk.isFirst && (
            <tr class="day">
              <th scope="colgroup" colSpan={columns.length}>
                {chunk.title} {chunk.date && <span class="quiet">{chunk.date}</span>}
              </th>
            </tr>
          )}
          {chunk.rows.map((record) => (
            <Row key={record.name} record={record} hasDate={hasDate} />
          ))}
        </>
      )}
    </tbody>
  );
};

const Row = ({ record, hasDate }: { record: HistoryRecord; hasDate: boolean }) => {
  const href = hrefOfRecord(record);
  const { from, image, trigger, startedAt } = record;
  return (
    <tr class={href ? 'record is-link' : 'record'}>
      <td class="how">
        <How record={record} />
      </td>
      <th scope="row">{href ? <Link href={href}>{subjectOf(record)}</Link> : subjectOf(record)}</th>
      <td class="changed">
        {from && <span class="quiet">{from} → </span>}
        {image ? imageName(image) : record.operation}
      </td>
      <td class={record.unreadable ? 'why is-long' : 'why'} title={record.message}>
        <Why record={record} />
      </td>
      <td class="trigger" title={trigger.reason}>
        {trigger.by ? (
          <>
            <Icon name="person" label="by" /> {trigger.by}
          </>
        ) : (
          <span class="quiet">{wordsOfTrigger(trigger.kind)}</span>
        )}
      </td>
      <td class="start">
        <time dateTime={startedAt} title={dateTime(startedAt)}>
          {hasDate ? dayName(startedAt) : clockTime(startedAt).slice(0, 5)}
        </time>
      </td>
      <td class="number">
        <Took record={record} />
      </td>
    </tr>
  );
};

const How = ({ record }: { record: HistoryRecord }) => {
  if (record.unreadable)
    return (
      <Badge tone="amber" icon="warning">
        Unreadable
      </Badge>
    );
  if (record.outcome) return <Outcome outcome={record.outcome} />;
  const state = stateOf(record, record.service ? serviceRow(record.service)?.value : undefined);
  if (!state) return null;
  return <Badge {...lookOfKind(state.kind)}>{wordsOfState(state, (iso) => nearTime(iso, now.peek())).text}</Badge>;
};

/** An end that is as expected has nothing to say. */
const Why = ({ record: { reason, message, trigger, unreadable } }: { record: HistoryRecord }) => {
  if (unreadable)
    return (
      <>
        {unreadable.why}
        {unreadable.json && (
          <details>
            <summary>Its JSON</summary>
            <pre>{unreadable.json}</pre>
          </details>
        )}
      </>
    );
  const isPlain = reason === 'DEPLOYED' && !trigger.reason;
  if (isPlain) return null;
  return (
    <>
      {reason && reason !== 'DEPLOYED' && <code>{reason}</code>}
      {reason && reason !== 'DEPLOYED' && message && ' · '}
      {reason === 'DEPLOYED' ? trigger.reason : message}
    </>
  );
};

const Took = ({ record }: { record: HistoryRecord }) => {
  const seconds = record.unreadable ? undefined : secondsOf(record, record.endedAt ? 0 : now.value);
  return <>{seconds === undefined ? '–' : duration(seconds)}</>;
};
