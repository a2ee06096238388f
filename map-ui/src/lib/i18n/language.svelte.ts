import type { Bilingual, Locale } from './bilingual';
import { words, type Words } from './words';

const STORAGE_KEY = 'gridkeeper.locale';

function remembered(): Locale {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    if (stored === 'zh' || stored === 'en') return stored;
  } catch {
    // Storage may be blocked; the default language still works.
  }
  return 'zh';
}

/** The language the page speaks. Chinese unless the person chose otherwise; the choice survives a reload. */
class Language {
  locale = $state<Locale>(remembered());

  /** All words of the current language. */
  get t(): Words {
    return words[this.locale];
  }

  constructor() {
    this.#mark();
  }

  choose(locale: Locale): void {
    this.locale = locale;
    try {
      localStorage.setItem(STORAGE_KEY, locale);
    } catch {
      // The choice then lasts until the page is closed.
    }
    this.#mark();
  }

  /** The current language's half of a text that the service sent in both. */
  pick(text: Bilingual): string {
    return text[this.locale];
  }

  #mark(): void {
    document.documentElement.lang = this.locale === 'zh' ? 'zh-CN' : 'en';
    document.title = this.t.app.title;
  }
}

export const language = new Language();
