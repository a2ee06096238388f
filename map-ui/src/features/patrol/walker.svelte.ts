import { followDevice, type Fix } from '$lib/map/device';

/** Where the walker is, while they want to be guided. Never leaves the device from here. */
class Walker {
  fix = $state.raw<Fix | null>(null);
  following = $state(false);
  #stop: (() => void) | null = null;

  start(): void {
    if (this.#stop !== null) return;
    this.following = true;
    this.#stop = followDevice((fix) => (this.fix = fix));
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    this.following = false;
    this.fix = null;
  }
}

export const walker = new Walker();
