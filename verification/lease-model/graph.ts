/** A growing array of 32-bit numbers. */
class Uint32List {
  length = 0;
  #data = new Uint32Array(1 << 16);

  push(value: number): void {
    if (this.length === this.#data.length) {
      const data = new Uint32Array(this.#data.length * 2);
      data.set(this.#data);
      this.#data = data;
    }
    this.#data[this.length++] = value;
  }

  at(index: number): number {
    return this.#data[index] ?? 0;
  }
}

/** The process of an edge without fairness. An edge is its target's number with the process in the lowest five bits. */
const anyProcess = 31;
const processOf = (edge: number): number => edge & anyProcess;
const targetOf = (edge: number): number => edge >>> 5;

/** The states, numbered in the order of discovery, and the steps between them. Holds up to 134 million states. */
export class Graph {
  readonly #parents = new Uint32List();
  readonly #edges = new Uint32List();
  /** The index of each state's first edge, plus a final end index. */
  readonly #first = new Uint32List();

  constructor() {
    this.#parents.push(0);
    this.#first.push(0);
  }

  get edges(): number {
    return this.#edges.length;
  }

  /** Records the state from which the next number was discovered. */
  discover(from: number): void {
    this.#parents.push(from);
  }

  /** Adds an edge to the state being expanded; states are expanded in the order of their numbers. */
  edge(target: number, process = anyProcess): void {
    this.#edges.push(target * 32 + process);
  }

  /** Ends the edges of the state being expanded. */
  close(): void {
    this.#first.push(this.#edges.length);
  }

  /** The states on a shortest path to this one, without the initial state. */
  pathTo(id: number): readonly number[] {
    const path: number[] = [];
    for (let at = id; at !== 0; at = this.#parents.at(at)) path.push(at);
    return path.reverse();
  }

  /**
   * A state from which a run may never end under weak fairness: it lies on a cycle, and each process either takes
   * steps within its strongly connected component, or cannot act in some state of it. Undefined: every run ends.
   */
  unendingState(): number | undefined {
    const component = this.#components();
    const within = new Uint32Array(component.length);
    const always = new Uint32Array(component.length).fill(0xffffffff);
    for (let id = 0; id < component.length; id++) {
      const home = component[id] ?? 0;
      let enabled = 0;
      for (let at = this.#first.at(id); at < this.#first.at(id + 1); at++) {
        const edge = this.#edges.at(at);
        enabled |= 1 << processOf(edge);
        if (component[targetOf(edge)] === home) within[home]! |= 1 << processOf(edge);
      }
      always[home]! &= enabled;
    }
    const allProcesses = ~(1 << anyProcess);
    for (let home = 0; home < within.length; home++)
      if (within[home] !== 0 && ((always[home] ?? 0) & ~(within[home] ?? 0) & allProcesses) === 0) return home;
    return undefined;
  }

  /** For each state its strongly connected component, identified by one of its states (Tarjan's algorithm, iterative). */
  #components(): Uint32Array {
    const count = this.#parents.length;
    const component = new Uint32Array(count);
    const order = new Uint32Array(count);
    const low = new Uint32Array(count);
    const following = new Uint32Array(count);
    const isOpen = new Uint8Array(count);
    const open: number[] = [];
    const path: number[] = [];
    let time = 0;
    const enter = (id: number): void => {
      order[id] = low[id] = ++time;
      following[id] = this.#first.at(id);
      isOpen[id] = 1;
      open.push(id);
      path.push(id);
    };
    enter(0);
    for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
      const at = following[id] ?? 0;
      if (at < this.#first.at(id + 1)) {
        following[id] = at + 1;
        const target = targetOf(this.#edges.at(at));
        if (order[target] === 0) enter(target);
        else if (isOpen[target] === 1) low[id] = Math.min(low[id] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const before = path.at(-1);
      if (before !== undefined) low[before] = Math.min(low[before] ?? 0, low[id] ?? 0);
      if (low[id] !== order[id]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        isOpen[member] = 0;
        component[member] = id;
        if (member === id) break;
      }
    }
    return component;
  }
}
