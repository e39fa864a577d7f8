import { timeOf } from '../format/time.js';

/** Rows of one day, or of all earlier days. `title` is `Today`, `Yesterday` or the weekday; `date` the rest of it. */
export type Day<Row> = { readonly key: string; readonly title: string; readonly date?: string; readonly rows: readonly Row[] };

type Options = {
  /** Milliseconds. */
  readonly now: number;
  /** Default: the browser's. */
  readonly zone?: string;
  /** Days before yesterday stand under one title. */
  readonly isShort?: boolean;
};

const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** Rows by the day on which they began, in the order in which they come. */
export const daysOf = <Row extends { readonly startedAt: string }>(
  rows: readonly Row[],
  { now, zone, isShort }: Options,
): readonly Day<Row>[] => {
  const key = keyOfDay(zone);
  const today = key(now);
  const yesterday = new Date(Date.parse(today) - dayInMilliseconds).toISOString().slice(0, 10);
  const days: { -readonly [Member in keyof Day<Row>]: Day<Row>[Member] }[] = [];
  for (const row of rows) {
    const head = headOf(timeOf(row.startedAt), key, today, yesterday, isShort ?? false);
    const last = days.at(-1);
    if (last?.key === head.key) last.rows = [...last.rows, row];
    else days.push({ ...head, rows: [row] });
  }
  return days;
};

const headOf = (
  at: number | undefined,
  key: (time: number) => string,
  today: string,
  yesterday: string,
  isShort: boolean,
): Omit<Day<never>, 'rows'> => {
  if (at === undefined) return { key: 'unknown', title: 'Unknown time' };
  const day = key(at);
  const weekday = names.weekday.format(Date.parse(day));
  const date = names.date.format(Date.parse(day));
  if (day === today) return { key: day, title: 'Today', date: `${weekday} ${date}` };
  if (day === yesterday) return { key: day, title: 'Yesterday', date: `${weekday} ${date}` };
  if (isShort) return { key: 'earlier', title: 'Earlier' };
  return { key: day, title: weekday, date: day.slice(0, 4) === today.slice(0, 4) ? date : `${date} ${day.slice(0, 4)}` };
};

/** Of calendar days as YYYY-MM-DD, which Date reads as UTC. */
const names = {
  weekday: new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' }),
  date: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }),
};

const keyOfDay = (zone: string | undefined): ((time: number) => string) => {
  const format = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(zone && { timeZone: zone }) });
  return (time) => format.format(time);
};

/** Parts of at most `size` rows, each within one day, so that a list of thousands renders those that are looked at. `isFirst`: it has its day's title. */
export type Chunk<Row> = Day<Row> & { readonly isFirst: boolean };

export const chunksOf = <Row>(days: readonly Day<Row>[], size: number): readonly Chunk<Row>[] =>
  days.flatMap((day) =>
    Array.from({ length: Math.ceil(day.rows.length / size) }, (_, part) => ({
      ...day,
      key: part === 0 ? day.key : `${day.key}/${part}`,
      rows: day.rows.slice(part * size, (part + 1) * size),
      isFirst: part === 0,
    })),
  );
