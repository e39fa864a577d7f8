import type { ECSClient } from '@aws-sdk/client-ecs';

/** Commands whose task definitions keep unknown members. */
const reads = new Set(['DescribeTaskDefinitionCommand', 'RegisterTaskDefinitionCommand']);
const writes = new Set(['RegisterTaskDefinitionCommand']);

type Answer = { body?: unknown; whole?: string };
type Chunks = AsyncIterable<Uint8Array>;

const textOf = async (body: unknown): Promise<string> => {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as Chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

/**
 * Sends and answers task definitions with members that the SDK does not know. The SDK serializes by its schema, and silently drops
 * members that ECS has added since.
 */
export const preserveUnknownMembers = ({ middlewareStack }: ECSClient): void => {
  middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (writes.has(commandName)) (args.request as { body: unknown }).body = Buffer.from(JSON.stringify(args.input));
        return next(args);
      },
    // Before the length of the body is counted.
    { step: 'build', priority: 'high', name: 'wholeRequest' },
  );
  middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const result = await next(args);
        if (!reads.has(commandName)) return result;
        const answer = result.response as Answer;
        answer.whole = await textOf(answer.body);
        answer.body = Buffer.from(answer.whole);
        return result;
      },
    { step: 'deserialize', priority: 'low', name: 'keepWholeAnswer' },
  );
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { whole } = result.response as Answer;
      const output = result.output as { taskDefinition?: object } | undefined;
      if (whole !== undefined && output?.taskDefinition) {
        const times = Object.entries(output.taskDefinition).filter(([, value]) => value instanceof Date);
        output.taskDefinition = { ...JSON.parse(whole).taskDefinition, ...Object.fromEntries(times) };
      }
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'wholeAnswer' },
  );
};
