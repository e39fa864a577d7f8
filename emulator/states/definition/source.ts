import { AwsError, NotEmulated } from '../../errors.js';
import { compileExpression, isExpression } from './expression.js';
import { compileTemplate, type Template } from './template.js';
import { topLevelReference } from './top-level-references.js';

type Range = { readonly low: number; readonly high: number };

/** In JSONPath a member whose name ends in `.$` has a path or an intrinsic function as its value. */
const hasPath = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.entries(value).some(([name, member]) => name.endsWith('.$') || hasPath(member));

export type QueryLanguage = 'JSONPath' | 'JSONata';

/** One object of a definition with its path; invalid fields are refused with AWS's messages. */
export class Source {
  readonly path: string;
  /** Of the state that the object belongs to, or of the machine. */
  readonly language: QueryLanguage;
  #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown, path: string, language: QueryLanguage) {
    this.path = path;
    this.language = language;
    this.#fields = {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuse('SCHEMA_VALIDATION_FAILED', 'Expected value of type [OBJECT]');
    }
    this.#fields = value as Record<string, unknown>;
  }

  refuse(code: string, message: string, field?: string): never {
    const at = field === undefined ? this.path || '/' : `${this.path}/${field}`;
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${code}: ${message} at ${at}'`);
  }

  /** Refuses any other field, as a mistyped one would be ignored silently. */
  allow(names: readonly string[]): void {
    for (const name of this.names()) {
      if (!names.includes(name)) this.refuse('SCHEMA_VALIDATION_FAILED', `Field '${name}' is not supported`, name);
    }
  }

  names(): string[] {
    return Object.keys(this.#fields);
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  field(name: string): unknown {
    return this.#fields[name];
  }

  require(name: string): unknown {
    this.requireAll([name]);
    return this.#fields[name];
  }

  requireAll(names: readonly string[]): void {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) this.refuse('SCHEMA_VALIDATION_FAILED', `These fields are required: [${missing.join(', ')}]`);
  }

  string(name: string): string | undefined {
    const value = this.#fields[name];
    if (value !== undefined && typeof value !== 'string') this.refuse('SCHEMA_VALIDATION_FAILED', 'Expected value of type [STRING]', name);
    return value as string | undefined;
  }

  number(name: string, { low, high }: Range): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'number') this.refuse('SCHEMA_VALIDATION_FAILED', 'Expected value of type [NUMBER]', name);
    if (value < low || value > high) this.refuse('SCHEMA_VALIDATION_FAILED', `Value should be from ${low} to ${high}, is ${value}`, name);
    return value;
  }

  integer(name: string, range: Range): number | undefined {
    const value = this.number(name, range);
    if (value !== undefined && !Number.isInteger(value)) this.refuse('SCHEMA_VALIDATION_FAILED', 'Expected value of type [INTEGER]', name);
    return value;
  }

  /** A whole number, or an expression that gives one. */
  quantity(name: string, range: Range): Template | undefined {
    if (this.language === 'JSONPath' || !isExpression(this.#fields[name])) this.integer(name, range);
    return this.template(name);
  }

  inner(name: string): Source {
    return new Source(this.require(name), `${this.path}/${name}`, this.language);
  }

  /** The same in the query language that it names, or else in the given one. */
  inLanguage(otherwise: QueryLanguage): Source {
    const { QueryLanguage: language = otherwise } = this.#fields;
    if (language === 'JSONPath' || language === 'JSONata') return new Source(this.#fields, this.path, language);
    return this.refuse('SCHEMA_VALIDATION_FAILED', 'Value should be one of the following: [JSONPath, JSONata]', 'QueryLanguage');
  }

  list(name: string): Source[] {
    const value = this.#fields[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) this.refuse('SCHEMA_VALIDATION_FAILED', 'Expected value of type [ARRAY]', name);
    return value.map((element, index) => new Source(element, `${this.path}/${name}[${index}]`, this.language));
  }

  strings(name: string): readonly string[] {
    const value = this.require(name);
    if (!Array.isArray(value) || value.length === 0 || value.some((element) => typeof element !== 'string')) {
      this.refuse('SCHEMA_VALIDATION_FAILED', 'Expected a non-empty list of strings', name);
    }
    return value;
  }

  /**
   * A field that may contain expressions. `prefix` precedes its name in AWS's causes: `Choices[0]/`.
   * @throws NotEmulated for a value that a JSONPath state takes from a path
   */
  template(name: string, prefix = ''): Template | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (this.language === 'JSONPath') {
      if (hasPath(value)) throw new NotEmulated(`a path in the field ${name} of a JSONPath state`);
      return { kind: 'literal', value };
    }
    return compileTemplate(value, `${prefix}${name}`, (text, location) => {
      const at = location.slice(prefix.length);
      try {
        const expression = compileExpression(text);
        const reference = topLevelReference(expression.ast());
        if (reference === undefined) return expression;
        return this.refuse('UNSUPPORTED_JSONATA_EXPRESSION', `Reference to '${reference}' at the top level is not supported.`, at);
      } catch (error) {
        if (error instanceof AwsError) throw error;
        return this.refuse('INVALID_JSONATA_EXPRESSION', (error as Error).message, at);
      }
    });
  }
}
