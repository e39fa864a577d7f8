import { match } from '../palette/fuzzy.js';
import { Link } from '../router.js';
import { serviceHref } from '../routes.js';
import { serviceIds } from '../state.js';

/** Services one of whose names is like one of the path's parts, the nearest first. */
const nearServices = (path: string): readonly string[] =>
  serviceIds.value
    .flatMap((id) => {
      const scores = path
        .split('/')
        .filter((part) => part.length > 1)
        .flatMap((part) => match(part, id)?.score ?? []);
      return scores.length > 0 ? [{ id, score: Math.max(...scores) }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, 5)
    .map(({ id }) => id);

export const UnknownView = ({ path }: { path: string }) => {
  const near = nearServices(path);
  return (
    <section class="unknown">
      <h1>Nothing is at this address</h1>
      <p>
        Looked for <code>{path}</code>.
      </p>
      {near.length > 0 && (
        <>
          <h2>Nearest names</h2>
          <ul>
            {near.map((id) => (
              <li key={id}>
                <Link class="link" href={serviceHref(id)}>
                  {id}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <Link class="link" href="/overview">
          Back to the overview
        </Link>
      </p>
    </section>
  );
};
