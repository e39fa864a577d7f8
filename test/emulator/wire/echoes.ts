import { EmulatedAccount } from '../../../emulator/emulated-account.js';
import { createIam } from '../../../emulator/iam/index.js';
import { type Call, type Operation, operation } from '../../../emulator/operation.js';
import type { Services } from '../../../emulator/services.js';
import type { Shape } from '../../../emulator/shape.js';

/** An account whose operations do what a test says, and that records their inputs. */
export class Echoes {
  readonly account = new EmulatedAccount();
  readonly inputs: Record<string, unknown>[] = [];

  constructor() {
    this.account.services = { iam: createIam(this.account) } as unknown as Services;
  }

  answer(name: string, input: Readonly<Record<string, Shape>>, run: (call: Call) => unknown): void {
    const [service = '', operationName = ''] = name.split('.');
    const definition: Operation = operation<Record<string, unknown>, unknown>({
      service,
      name: operationName,
      input,
      run: (received, call) => {
        this.inputs.push(received);
        return run(call);
      },
    });
    this.account.add([definition]);
  }
}
