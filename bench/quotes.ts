const start = (name: string): string => `<!-- npm run bench: ${name} -->`;
const end = '<!-- end -->';
const block = /<!-- npm run bench: (.+?) -->\n[\s\S]*?<!-- end -->/g;

/** A part of bench/results.md that other pages repeat. */
export const blockOf = (name: string, text: string): string => `${start(name)}\n${text}\n${end}`;

/** The parts of a page that the bench writes, by name. */
export const blocksIn = (page: string): ReadonlyMap<string, string> =>
  new Map([...page.matchAll(block)].map(([text, name = '']) => [name, text]));

/**
 * A page with its quoted parts updated from bench/results.md.
 * @throws for a part that results.md does not have
 */
export const quoted = (page: string, results: string): string => {
  const measured = blocksIn(results);
  return page.replace(block, (_, name: string) => {
    const text = measured.get(name);
    if (text === undefined) throw new Error(`bench/results.md has no part "${name}"; it has ${[...measured.keys()].join(', ')}`);
    return text;
  });
};
