import { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';
import { AwsError } from '../errors.js';

type Answer = { readonly status: number; readonly body: string };

// dynalite requires a signature, and does not verify it.
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=emulator, SignedHeaders=host, Signature=none',
  'x-amz-date': 'none',
};

/**
 * The few members of a request and a response that dynalite 4 uses: node's own objects around them take longer than
 * dynalite's work.
 */
const post = (listener: RequestListener, target: string, body: string): Promise<Answer> =>
  new Promise((resolve) => {
    const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers: { ...headers, 'x-amz-target': target } });
    const response = {
      statusCode: 200,
      setHeader: () => {},
      end: (text: string) => resolve({ status: response.statusCode, body: text }),
    };
    listener(request as never, response as never);
    request.emit('data', Buffer.from(body));
    request.emit('end');
  });

/** `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException` is `ResourceNotFoundException`. */
const errorOf = ({ status, body }: Answer): AwsError => {
  const { __type = 'InternalServerError', message, Message, ...members } = JSON.parse(body) as Record<string, string | undefined>;
  return new AwsError(__type.split('#').at(-1) as string, message ?? Message ?? '', { status, ...members });
};

/** dynalite without a socket; its tables live in memory. */
export class Dynalite {
  #listener: Promise<RequestListener> | undefined;
  #isClosed = false;

  /** Loaded with the first table: most of the emulator's own tests need none. */
  async #load(): Promise<RequestListener> {
    const { default: dynalite } = await import('dynalite');
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    return server.listeners('request')[0] as RequestListener;
  }

  async request(operation: string, input: object): Promise<Record<string, unknown>> {
    if (this.#isClosed) throw new Error(`dynamodb.${operation} came after the emulator was closed`);
    this.#listener ??= this.#load();
    const answer = await post(await this.#listener, `DynamoDB_20120810.${operation}`, JSON.stringify(input));
    if (answer.status >= 300) throw errorOf(answer);
    // TagResource and UntagResource answer with an empty string.
    return (JSON.parse(answer.body) || {}) as Record<string, unknown>;
  }

  /** The tables are garbage afterwards: a memory store whose server never listened holds nothing open. */
  close(): void {
    this.#isClosed = true;
    this.#listener = undefined;
  }
}
