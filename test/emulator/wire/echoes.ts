import { createIam } from '../../../emulator/iam/index.js';
import { type Call, type Operation, operation, type Shape } from '../../../emulator/operation.js';
import type { Services } from '../../../emulator/services.js';
import { World } from '../../../emulator/world.js';

/** A world whose operations do what a test says, and that keeps the inputs as they arrived. */
export class Echoes {
  readonly world = new World();
  readonly inputs: Record<string, unknown>[] = [];

  constructor() {
    this.world.services = { iam: createIam(this.world) } as unknown as Services;
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
    this.world.add([definition]);
  }
}
