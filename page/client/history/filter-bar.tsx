import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icons.js';
import { navigate } from '../router.js';
import { type FilterName, type Filters, hrefWith, outcomeOptions, periods } from './filters.js';

type Option = { readonly key: string; readonly text: string };
const named = (names: readonly string[]): readonly Option[] => names.map((name) => ({ key: name, text: name }));

type Known = { readonly services: readonly string[]; readonly repositories: readonly string[]; readonly who: readonly string[] };

export const FilterBar = ({ filters, known }: { filters: Filters; known: Known }) => (
  <search class="filters">
    <Search filters={filters} />
    <Select name="service" title="Service" none="any" options={named(known.services)} filters={filters} />
    <Select name="repository" title="Repository" none="any" options={named(known.repositories)} filters={filters} />
    <Select name="outcome" title="Outcome" none="any" options={named(outcomeOptions)} filters={filters} />
    <Select name="who" title="Who" none="any" options={named(known.who)} filters={filters} />
    <Select name="since" title="Since" none="ever" options={periods} filters={filters} />
  </search>
);

const pause = 250;

/** What is typed is looked for after a short pause, in the place of the present URL. */
const Search = ({ filters }: { filters: Filters }) => {
  const [text, setText] = useState(filters.q ?? '');
  const latest = useRef(filters);
  latest.current = filters;
  useEffect(() => setText(filters.q ?? ''), [filters.q]);
  useEffect(() => {
    if (text.trim() === (latest.current.q ?? '')) return;
    const timer = setTimeout(() => navigate(hrefWith(latest.current, 'q', text), { replace: true }), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="search-field">
      <Icon name="search" />
      <input
        class="field"
        type="search"
        aria-label="Search the history"
        placeholder="Message, tag, digest, commit, person"
        maxLength={200}
        data-filter
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
    </label>
  );
};

type SelectProps = { name: FilterName; title: string; none: string; options: readonly Option[]; filters: Filters };

/** A value of the URL that is no option stays chosen and is shown. */
const Select = ({ name, title, none, options, filters }: SelectProps) => {
  const value = filters[name] ?? '';
  const all = value && !options.some(({ key }) => key === value) ? [...options, { key: value, text: value }] : options;
  return (
    <label class="select">
      <span>{title}</span>
      <select value={value} onChange={({ currentTarget }) => navigate(hrefWith(filters, name, currentTarget.value))}>
        <option value="">{none}</option>
        {all.map(({ key, text }) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
};
