/** Whether the service can be reached, as the last request and the browser tell. */
class Line {
  up = $state(navigator.onLine);
  #whenUp = new Set<() => void>();

  constructor() {
    window.addEventListener('online', () => {
      for (const callback of this.#whenUp) callback();
    });
    window.addEventListener('offline', () => this.heard(false));
  }

  /** A request was answered, or was not. */
  heard(answered: boolean): void {
    if (answered === this.up) return;
    this.up = answered;
    if (answered) for (const callback of this.#whenUp) callback();
  }

  /** Called when there may be a line again. */
  whenUp(callback: () => void): void {
    this.#whenUp.add(callback);
  }
}

export const line = new Line();
