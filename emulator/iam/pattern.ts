const compiled = new Map<string, RegExp>();

const expressionOf = (pattern: string, flags: string): RegExp => {
  const key = `${flags}/${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, `s${flags}`);
    compiled.set(key, expression);
  }
  return expression;
};

/** `*` stands for any characters, `?` for one. */
export const matches = (pattern: string, value: string): boolean => expressionOf(pattern, '').test(value);

/** Service prefixes and action names are case-insensitive. */
export const matchesAction = (pattern: string, action: string): boolean => expressionOf(pattern, 'i').test(action);

const components = (arn: string): string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** ArnLike compares each of an ARN's six components by itself, so that a wildcard does not match across the first five colons. */
export const matchesArn = (pattern: string, arn: string): boolean => {
  const parts = components(arn);
  return components(pattern).every((part, index) => matches(part, parts[index] ?? ''));
};
