import type { Images } from '../../api.js';
import { Digest } from '../parts/digest.js';
import { Age } from '../parts/time.js';
import { overview, serviceRow } from '../state.js';
import { useResource } from '../use-resource.js';
import { ProblemText } from './problem-text.js';

/** The repositories that a service, or the whole stack, has images of. */
export const repositoriesFor = (service: string | undefined): readonly string[] => {
  const rows = service === undefined ? (overview.value?.services ?? []) : [serviceRow(service)?.value];
  return [...new Set(rows.flatMap((row) => row?.sources.map(({ repository }) => repository) ?? []))].sort();
};

type Props = {
  readonly service: string | undefined;
  readonly repository: string;
  readonly image: string | undefined;
  readonly onChange: (image: string) => void;
};

/** The newest images of a repository. */
export const ImageChoice = ({ service, repository, image, onChange }: Props) => {
  const { data, error } = useResource<Images>(`/api/images?repository=${encodeURIComponent(repository)}`);
  if (error) return <ProblemText error={error} />;
  if (!data) return <p aria-busy="true">Reading the images of {repository}</p>;
  if (data.images.length === 0) return <p>{repository} has no image.</p>;
  return (
    <fieldset class="choice">
      <legend>Image</legend>
      {data.images.map((one) => {
        const name = one.tag === undefined ? `${repository}@${one.digest}` : `${repository}:${one.tag}@${one.digest}`;
        return (
          <label key={name}>
            <input type="radio" name="image" checked={image === name} onChange={() => onChange(name)} />
            <strong>{one.tag ?? 'no tag'}</strong>
            <Digest digest={one.digest} />
            <span class="quiet">
              pushed <Age at={one.pushedAt} /> ago
            </span>
            <Standing service={service} repository={repository} digest={one.digest} />
          </label>
        );
      })}
    </fieldset>
  );
};

/** Where an image stands: it runs here, it is in quarantine here, or where it runs. */
const Standing = ({ service, repository, digest }: { service: string | undefined; repository: string; digest: string }) => {
  const rows = overview.value?.services ?? [];
  const runs = rows.filter(({ sources }) => sources.some((source) => source.repository === repository && source.digest === digest));
  const here = service === undefined ? undefined : serviceRow(service)?.value;
  if (here?.quarantine.some((one) => one.digest === digest)) return <span class="tone-red">quarantined</span>;
  if (service !== undefined && runs.some(({ id }) => id === service)) return <span>runs now</span>;
  const [first] = runs;
  return first ? <span>runs on {first.id}</span> : null;
};
