/**
 * One feature's words in both languages, side by side, so that a missing or extra translation is a type error.
 * The Chinese words define the shape; the English ones must fill it exactly.
 */
export function bilingual<Words>(zh: Words, en: NoInfer<Words>): { zh: Words; en: Words } {
  return { zh, en };
}

export type Locale = 'zh' | 'en';

/** A text the service sends in both languages. */
export interface Bilingual {
  zh: string;
  en: string;
}
