// Replaces @smithy/core/event-streams in the bundles: no operation that Slipway calls streams events, and the reader of
// event streams has 15 KB.

type Config = { eventStreamSerdeProvider?: (config: unknown) => unknown };

export const resolveEventStreamSerdeConfig = <Input extends Config>(input: Input): Input => input;

export const eventStreamSerdeProvider = (): undefined => undefined;

export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of the bundles; remove the alias from stack/bundles.ts');
  }
}
