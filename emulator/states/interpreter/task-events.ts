import type { Resource } from '../definition/definition.js';
import type { Document } from './document.js';
import type { StateFailure } from './failure.js';
import type { Frame } from './frame.js';
import { notTruncated } from './history.js';

/** The history's events of a task; a function's own ARN as resource has an event family of its own. */
export class TaskEvents {
  #frame: Frame;
  #resource: Resource;
  #isFunction: boolean;
  /** In the details of every event but a function's. */
  #names: { readonly resource: string; readonly resourceType: string } | undefined;

  constructor(frame: Frame, resource: Resource) {
    this.#frame = frame;
    this.#resource = resource;
    this.#isFunction = resource.service === 'function';
    const suffix = resource.pattern === 'requestResponse' ? '' : `.${resource.pattern}`;
    this.#names = this.#isFunction ? undefined : { resource: `${resource.action}${suffix}`, resourceType: resource.service };
  }

  scheduled(parameters: Document, timeoutInSeconds: number | undefined, heartbeatInSeconds: number | undefined): void {
    if (this.#isFunction) {
      const { arn } = this.#resource;
      this.#record('Scheduled', { input: parameters.json, inputDetails: notTruncated, resource: arn, timeoutInSeconds });
    } else {
      const { region } = this.#frame.execution.account;
      this.#record('Scheduled', { parameters: parameters.json, region, timeoutInSeconds, heartbeatInSeconds });
    }
    this.#record('Started', this.#isFunction ? undefined : {});
  }

  submitted(output: Document): void {
    this.#record('Submitted', { output: output.json, outputDetails: notTruncated });
  }

  succeeded(output: Document): void {
    this.#record('Succeeded', { output: output.json, outputDetails: notTruncated });
  }

  failed({ error, cause }: StateFailure): void {
    this.#record(error === 'States.Timeout' ? 'TimedOut' : 'Failed', { error, cause });
  }

  #record(what: string, details: Record<string, unknown> | undefined): void {
    this.#frame.record(`${this.#isFunction ? 'LambdaFunction' : 'Task'}${what}`, details && { ...details, ...this.#names });
  }
}
