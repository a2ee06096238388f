/** Short messages that come and go: something worked, or did not. */
export interface Notice {
  id: number;
  tone: 'good' | 'bad' | 'plain';
  text: string;
}

const SHOWN_FOR_MS = 6000;

class Notices {
  shown = $state<Notice[]>([]);
  #next = 1;

  say(text: string, tone: Notice['tone'] = 'plain'): void {
    const notice = { id: this.#next, tone, text };
    this.#next += 1;
    this.shown = [...this.shown.slice(-2), notice];
    setTimeout(() => this.dismiss(notice.id), SHOWN_FOR_MS);
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
