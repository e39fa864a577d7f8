type Node = { readonly type?: string; readonly value?: unknown; readonly steps?: readonly Node[] } & { readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** All parts of a node, without the later steps of a path, which have a context of their own. */
const parts = (node: Node): unknown[] => {
  if (node.type === 'path') return [(node.steps ?? [])[0]];
  const { stages: _stages, predicate: _predicate, group: _group, ...rest } = node;
  return Object.values(rest);
};

/**
 * The first name that an expression reads from the top-level context, which Step Functions does not have: `phone` where
 * `$states.input.phone` is meant. AWS refuses such a definition.
 */
export const topLevelReference = (value: unknown): string | undefined => {
  if (Array.isArray(value)) {
    for (const element of value) {
      const found = topLevelReference(element);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isNode(value)) return undefined;
  if (value.type === 'name') return String(value.value);
  if (value.type === 'variable' && (value.value === '' || value.value === '$')) return value.value === '' ? '$' : '$$';
  return topLevelReference(parts(value));
};
