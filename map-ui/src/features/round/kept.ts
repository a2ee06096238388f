import { toLocalField } from '$lib/format';

/** The time of day in China of an instant, `08:30`. */
export const timeInChina = (instant: string) => toLocalField(new Date(instant)).slice(11, 16);
