import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { type ClientSettings, clientFor } from './client-settings.js';

const lambda = clientFor(LambdaClient);

/** What a function answered; `error` if its code failed, with the name of the error. */
export type Invoked = { readonly payload: unknown; readonly error?: string };

/** Functions of a stack, invoked by operators. */
export class StackFunctions {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Invokes a function, and waits for its answer. */
  async invoke(name: string, input: object): Promise<Invoked> {
    const { Payload, FunctionError } = await lambda(this.#settings).send(
      new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(input)) }),
    );
    const payload: unknown = Payload === undefined || Payload.length === 0 ? undefined : JSON.parse(Payload.transformToString());
    return {
      payload,
      ...(FunctionError !== undefined && { error: (payload as { errorType?: string } | undefined)?.errorType ?? FunctionError }),
    };
  }

  /** The names of all functions of the account and Region. */
  async names(): Promise<string[]> {
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await lambda(this.#settings).send(new ListFunctionsCommand({ ...(Marker !== undefined && { Marker }) }));
      found.push(...(page.Functions ?? []).flatMap(({ FunctionName }) => FunctionName ?? []));
      Marker = page.NextMarker;
    } while (Marker);
    return found;
  }
}

/** The Region of the AWS configuration: of the environment, or of a profile. @throws Error if none is configured */
export const configuredRegion = async (profile: string | undefined): Promise<string> =>
  new LambdaClient({ ...(profile !== undefined && { profile }) }).config.region();
