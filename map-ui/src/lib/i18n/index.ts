export type { Bilingual, Locale } from './bilingual';
export { language } from './language.svelte';
export type { Words } from './words';
