/** The browser's offer to install the page as an app, for when the person wants it. */
interface InstallPromptEvent extends Event {
  prompt: () => Promise<unknown>;
}

class Install {
  offered = $state(false);
  #event: InstallPromptEvent | null = null;

  constructor() {
    window.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#event = event as InstallPromptEvent;
      this.offered = true;
    });
    window.addEventListener('appinstalled', () => (this.offered = false));
  }

  /** Asks the browser to ask; it asks once only. */
  async accept(): Promise<void> {
    this.offered = false;
    await this.#event?.prompt();
  }
}

export const install = new Install();
