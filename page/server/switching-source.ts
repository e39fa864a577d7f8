import type { PageEvent } from '../api.js';
import type { LiveSource } from './join-source.js';
import type { Source, Watched } from './source.js';

type Listener = (event: PageEvent) => void;

/** A source whose stack may be replaced while pages are connected: they go on with what takes its place, from a new snapshot. */
export class SwitchingSource implements LiveSource {
  readonly #listeners = new Set<Listener>();
  readonly #connected = new Map<symbol, { readonly watched: Watched | undefined; end: () => void }>();
  #current: LiveSource;
  #endListening: () => void;

  constructor(first: LiveSource) {
    this.#current = first;
    this.#endListening = this.#listenTo(first);
  }

  /** Puts a source in the place of the one before, which is closed. */
  use(next: LiveSource): void {
    this.close();
    this.#current = next;
    this.#endListening = this.#listenTo(next);
    for (const page of this.#connected.values()) page.end = next.connect(page.watched);
    // Without its first reads there is nothing to show yet: they are events themselves.
    next.overview().then(
      (data) => this.#current === next && this.#publish({ type: 'snapshot', data }),
      () => {},
    );
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  connect(watched?: Watched): () => void {
    const page = Symbol('page');
    this.#connected.set(page, { watched, end: this.#current.connect(watched) });
    return () => {
      this.#connected.get(page)?.end();
      this.#connected.delete(page);
    };
  }

  close(): void {
    this.#endListening();
    this.#current.close();
  }

  refresh(): void {
    this.#current.refresh();
  }

  readonly overview: Source['overview'] = () => this.#current.overview();
  readonly service: Source['service'] = (...of) => this.#current.service(...of);
  readonly release: Source['release'] = (...of) => this.#current.release(...of);
  readonly deployment: Source['deployment'] = (...of) => this.#current.deployment(...of);
  readonly history: Source['history'] = (...of) => this.#current.history(...of);
  readonly insights: Source['insights'] = (...of) => this.#current.insights(...of);
  readonly images: Source['images'] = (...of) => this.#current.images(...of);
  readonly doctor: Source['doctor'] = () => this.#current.doctor();
  readonly preview: Source['preview'] = (...of) => this.#current.preview(...of);
  readonly run: Source['run'] = (...of) => this.#current.run(...of);

  #listenTo(source: Source): () => void {
    return source.listen((event) => this.#publish(event));
  }

  #publish(event: PageEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
