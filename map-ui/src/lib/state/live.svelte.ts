import { line } from './line.svelte';
import type { ReportChange } from '$lib/api/types';

type Listener<Message> = (message: Message) => void;

const COME_AGAIN_MS = 15_000;

/** Not open yet, flowing, or broken and being taken up again. */
export type LineState = 'opening' | 'open' | 'broken';

/** The service's stream of changes, and whether it flows. */
class Live {
  state = $state<LineState>('opening');
  #source: EventSource | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #onReport = new Set<Listener<ReportChange>>();
  #onLayer = new Set<Listener<string>>();
  #onOpen = new Set<() => void>();

  start(): void {
    if (this.#source !== null) return;
    const source = new EventSource('/api/v1/events');
    source.addEventListener('open', () => {
      this.state = 'open';
      line.heard(true);
      // What happened before the stream opened is never sent: whoever shows data asks for it anew.
      for (const listener of this.#onOpen) listener();
    });
    source.addEventListener('error', () => {
      this.state = 'broken';
      // A broken line is taken up again by the browser; a refused one is not, and may be refused only for now.
      if (source.readyState === EventSource.CLOSED) this.#comeAgain();
    });
    source.addEventListener('refresh', () => {
      for (const listener of this.#onOpen) listener();
    });
    source.addEventListener('report', (event) => {
      const change = JSON.parse(event.data) as ReportChange;
      for (const listener of this.#onReport) listener(change);
    });
    source.addEventListener('layer', (event) => {
      const { layer } = JSON.parse(event.data) as { layer: string };
      for (const listener of this.#onLayer) listener(layer);
    });
    this.#source = source;
  }

  #comeAgain(): void {
    this.#close();
    this.#again = setTimeout(() => this.start(), COME_AGAIN_MS);
  }

  stop(): void {
    clearTimeout(this.#again);
    this.#close();
    this.state = 'opening';
  }

  #close(): void {
    this.#source?.close();
    this.#source = null;
  }

  /** Each of these returns the function that stops listening. */
  onReport(listener: Listener<ReportChange>): () => void {
    this.#onReport.add(listener);
    return () => void this.#onReport.delete(listener);
  }

  onLayer(listener: Listener<string>): () => void {
    this.#onLayer.add(listener);
    return () => void this.#onLayer.delete(listener);
  }

  /** Also called when the service says that changes may have been missed. */
  onOpen(listener: () => void): () => void {
    this.#onOpen.add(listener);
    return () => void this.#onOpen.delete(listener);
  }
}

export const live = new Live();
