import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redacted } from './redact.js';

/** One request with its answer or its error, as the SDK gives them. */
type Exchange = {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
};

type Handler = (args: { input: unknown }) => Promise<{ output: unknown }>;
type Context = { readonly clientName?: string; readonly commandName?: string };
type Recorded = {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'initialize'; name: string }): void;
  };
};

const plain = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString() : value);

/** Keeps what AWS answers, in a file for each check. Of requests that were repeated alike, as polling does, it keeps the last. */
export class Recorder {
  readonly #exchanges = new Map<string, Map<string, Exchange>>();
  #check = 'stack';

  listenTo(client: Recorded): void {
    const middleware =
      (next: Handler, { clientName = '', commandName = '' }: Context): Handler =>
      async (args) => {
        const exchange = { service: clientName.replace(/Client$/, ''), operation: commandName.replace(/Command$/, ''), input: args.input };
        try {
          const answer = await next(args);
          const { $metadata: _, ...output } = answer.output as Record<string, unknown>;
          this.#add({ ...exchange, output });
          return answer;
        } catch (error) {
          const { name, message } = error as Error;
          this.#add({ ...exchange, error: { name, message } });
          throw error;
        }
      };
    client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'record' });
  }

  /** What follows belongs to this check. */
  begin(check: string): void {
    this.#check = check.replace(/[^a-zA-Z0-9]+/g, '-').toLowerCase();
  }

  /** Writes the answers without what identifies the account. Returns the files. */
  save(directory: string, accountId: string): string[] {
    mkdirSync(directory, { recursive: true });
    return [...this.#exchanges].map(([check, exchanges]) => {
      const file = join(directory, `${check}.json`);
      const answers = redacted(JSON.parse(JSON.stringify([...exchanges.values()], plain)), accountId);
      writeFileSync(file, `${JSON.stringify(answers, undefined, 2)}\n`);
      return file;
    });
  }

  #add(exchange: Exchange): void {
    const exchanges = this.#exchanges.get(this.#check) ?? new Map<string, Exchange>();
    this.#exchanges.set(this.#check, exchanges);
    const key = `${exchange.service}.${exchange.operation} ${JSON.stringify(exchange.input, plain)}`;
    exchanges.delete(key);
    exchanges.set(key, exchange);
  }
}
