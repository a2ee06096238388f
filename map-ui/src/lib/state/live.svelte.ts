import type { ReportChange } from '$lib/api/types';

type Listener<Message> = (message: Message) => void;

/** The service's stream of changes. EventSource reconnects by itself; this only says whether it is connected. */
class Live {
  connected = $state(false);
  #source: EventSource | null = null;
  #onReport = new Set<Listener<ReportChange>>();
  #onLayer = new Set<Listener<string>>();
  #onReturn = new Set<() => void>();
  #wasConnected = false;

  start(): void {
    if (this.#source !== null) return;
    const source = new EventSource('/api/v1/events');
    source.addEventListener('open', () => {
      this.connected = true;
      // What happened while the line was down is not sent again: whoever shows data asks for it anew.
      if (this.#wasConnected) for (const listener of this.#onReturn) listener();
      this.#wasConnected = true;
    });
    source.addEventListener('error', () => {
      this.connected = false;
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

  stop(): void {
    this.#source?.close();
    this.#source = null;
    this.connected = false;
    this.#wasConnected = false;
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

  onReturn(listener: () => void): () => void {
    this.#onReturn.add(listener);
    return () => void this.#onReturn.delete(listener);
  }
}

export const live = new Live();
