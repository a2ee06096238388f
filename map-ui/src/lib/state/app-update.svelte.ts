import { registerSW } from 'virtual:pwa-register';

/** How often a page that stays open asks whether there is a newer version. */
const ASK_EVERY_MS = 3_600_000;

/** A newer version of this page: fetched behind the scenes, taken when the person says so. */
class AppUpdate {
  ready = $state(false);
  take: () => void = () => undefined;

  watch(): void {
    const reload = registerSW({
      onNeedRefresh: () => (this.ready = true),
      onRegisteredSW: (_, worker) => {
        if (worker) setInterval(() => void worker.update().catch(() => undefined), ASK_EVERY_MS);
      },
    });
    this.take = () => void reload(true);
  }
}

export const appUpdate = new AppUpdate();
