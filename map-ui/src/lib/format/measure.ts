/** Lengths, areas and counts for people. */
import type { Locale } from '$lib/i18n';

const tags: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB' };

export function count(value: number, locale: Locale, decimals = 0): string {
  return new Intl.NumberFormat(tags[locale], { maximumFractionDigits: decimals }).format(value);
}

/** Metres, as metres below a kilometre and kilometres above. */
export function distance(metres: number, locale: Locale): string {
  if (metres < 1000) return `${count(metres, locale, metres < 10 ? 1 : 0)} ${locale === 'zh' ? '米' : 'm'}`;
  return `${count(metres / 1000, locale, 1)} ${locale === 'zh' ? '公里' : 'km'}`;
}

/** Square metres, as hectares from one hectare and square kilometres from one of those. */
export function area(squareMetres: number, locale: Locale): string {
  const zh = locale === 'zh';
  if (squareMetres < 10_000) {
    return `${count(squareMetres, locale, squareMetres < 10 ? 1 : 0)} ${zh ? '平方米' : 'm²'}`;
  }
  if (squareMetres < 1_000_000) return `${count(squareMetres / 10_000, locale, 1)} ${zh ? '公顷' : 'ha'}`;
  return `${count(squareMetres / 1_000_000, locale, 2)} ${zh ? '平方公里' : 'km²'}`;
}

/** Seconds, in whole minutes below an hour and hours with minutes above. */
/** From here on in days. */
const LONG_H = 48;

export function duration(seconds: number, locale: Locale): string {
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= LONG_H) return locale === 'zh' ? `${Math.round(hours / 24)} 天` : `${Math.round(hours / 24)} days`;
  if (locale === 'zh') return hours === 0 ? `${minutes} 分钟` : `${hours} 小时${rest === 0 ? '' : ` ${rest} 分`}`;
  return hours === 0 ? `${minutes} min` : `${hours} h${rest === 0 ? '' : ` ${rest} min`}`;
}
