import type { EmulatedAccount } from '../emulator/emulated-account.js';

type Attribute = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Attribute>>;

/** Bytes of an item as DynamoDB counts them, to a few: names and values; a list or a map 3 more, and 1 for each of its elements. */
export const sizeOfItem = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value), 0);

const sizeOfValue = (attribute: Attribute): number => {
  const [[type, value] = []] = Object.entries(attribute);
  switch (type) {
    case 'M': {
      const members = value as Item;
      return 3 + Object.keys(members).length + sizeOfItem(members);
    }
    case 'L':
      return (value as readonly Attribute[]).reduce((sum, element) => sum + 1 + sizeOfValue(element), 3);
    case 'SS':
      return (value as readonly string[]).reduce((sum, element) => sum + Buffer.byteLength(element), 0);
    default:
      return typeof value === 'string' ? Buffer.byteLength(value) : 1;
  }
};

/** Follows the largest item that a write leaves in the account; every update of Slipway asks for the whole item. */
export const watchItems = (account: EmulatedAccount): { readonly largest: number } => {
  const seen = { largest: 0 };
  const request = account.request.bind(account);
  account.request = async <Output>(...[caller, service, name, given]: Parameters<typeof request>): Promise<Output> => {
    const output = await request<Output>(caller, service, name, given);
    if (service === 'dynamodb') {
      const { Attributes, Item = Attributes } = { ...output, ...(name === 'PutItem' && given) } as { Attributes?: Item; Item?: Item };
      if (Item) seen.largest = Math.max(seen.largest, sizeOfItem(Item));
    }
    return output;
  };
  return seen;
};

/** Members of the details of history events that a state gets, returns or keeps. */
const payloads = ['input', 'output', 'parameters'];

/** Bytes of the largest payload or variable in the histories of these executions. */
export const largestPayload = ({ services }: EmulatedAccount, executions: readonly string[]): number => {
  const texts = executions.flatMap((arn) =>
    services.states.history(arn).flatMap((event) =>
      Object.values(event).flatMap((details: unknown) => {
        if (typeof details !== 'object' || details === null) return [];
        const { assignedVariables = {}, ...members } = details as { assignedVariables?: object } & Record<string, unknown>;
        return [...Object.values(assignedVariables), ...payloads.map((name) => members[name])];
      }),
    ),
  );
  return texts.reduce((most: number, text: unknown) => (typeof text === 'string' ? Math.max(most, Buffer.byteLength(text)) : most), 0);
};
