// Takes the place of @smithy/core/event-streams in the bundles: no operation that Slipway calls streams events, and what
// would read them is 15 KB.

type Config = { eventStreamSerdeProvider?: (config: unknown) => unknown };

export const resolveEventStreamSerdeConfig = <Input extends Config>(input: Input): Input => input;

export const eventStreamSerdeProvider = (): undefined => undefined;

export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of the bundles; take the alias out of stack/bundles.ts');
  }
}
