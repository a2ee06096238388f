/** Times of day as the service gives them, `08:30`, in minutes. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

export const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Full hours from one time of day to another, both in minutes. */
export function fullHours(from: number, to: number): number[] {
  const first = Math.ceil(from / 60) * 60;
  return Array.from({ length: Math.max(Math.floor((to - first) / 60) + 1, 0) }, (_, i) => first + i * 60);
}

/** Minutes from `from` to `to`, over midnight where `to` is earlier in the day. */
export const minutesBetween = (from: string, to: string) => (minutesOf(to) - minutesOf(from) + 1440) % 1440;
