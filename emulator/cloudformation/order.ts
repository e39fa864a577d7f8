import { attributeParts, intrinsicOf, subParts, substitute } from './intrinsics.js';
import { type Resource, validationError } from './template.js';

/** Names that a value refers to; for Fn::If only those of the branch that is taken. */
export const referencesOf = (value: unknown, conditionHolds: (name: string) => boolean): Set<string> => {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const element of part) visit(element);
    if (Array.isArray(part) || typeof part !== 'object' || part === null) return;
    const name = intrinsicOf(part);
    const argument = name === undefined ? undefined : (part as Record<string, unknown>)[name];
    if (name === 'Ref') found.add(String(argument));
    else if (name === 'Fn::GetAtt') found.add(attributeParts(argument)[0]);
    else if (name === 'Fn::If') {
      const [condition, whenTrue, otherwise] = argument as unknown[];
      visit(conditionHolds(String(condition)) ? whenTrue : otherwise);
    } else if (name === 'Fn::Sub') {
      const { template, variables } = subParts(argument);
      substitute(template, (variable) => {
        if (!Object.hasOwn(variables, variable)) found.add(attributeParts(variable)[0]);
        return '';
      });
      visit(Object.values(variables));
    } else visit(Object.values(part));
  };
  visit(value);
  return found;
};

/**
 * Orders resources so that each comes after those that it refers to or depends on, and else as in the template.
 * `all` includes resources whose condition is false: depending on one of them is allowed.
 */
export const inOrder = (
  included: Readonly<Record<string, Resource>>,
  all: Readonly<Record<string, Resource>>,
  conditionHolds: (name: string) => boolean,
): string[] => {
  const done = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    if (done.has(logicalId)) return;
    if (path.includes(logicalId)) {
      const cycle = [...path.slice(path.indexOf(logicalId)), logicalId];
      throw validationError(`Circular dependency between resources: ${cycle.join(' → ')}`);
    }
    const { Properties, DependsOn = [] } = included[logicalId] as Resource;
    for (const dependency of [DependsOn].flat() as string[]) {
      if (!Object.hasOwn(all, dependency)) throw validationError(`${logicalId} depends on ${dependency}, which is not a resource`);
      if (Object.hasOwn(included, dependency)) visit(dependency, [...path, logicalId]);
    }
    for (const dependency of referencesOf(Properties, conditionHolds)) {
      if (Object.hasOwn(included, dependency)) visit(dependency, [...path, logicalId]);
    }
    done.add(logicalId);
  };
  for (const logicalId of Object.keys(included)) visit(logicalId, []);
  return [...done];
};
