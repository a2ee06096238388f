import type { LonLat } from '$lib/api/types';

export class DeviceError extends Error {
  readonly denied: boolean;

  constructor(denied: boolean) {
    super(denied ? 'position denied' : 'position not available');
    this.name = 'DeviceError';
    this.denied = denied;
  }
}

/** Where a device says it is: WGS84, as the Geolocation API promises, with its 95 % radius in metres. */
export interface Fix {
  at: LonLat;
  accuracyM: number;
}

const OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 };

/** The last fix that anybody here was told, and when. */
let latest: { fix: Fix; when: number } | null = null;

function fixOf({ coords }: GeolocationPosition): Fix {
  const fix: Fix = { at: [coords.longitude, coords.latitude], accuracyM: coords.accuracy };
  latest = { fix, when: Date.now() };
  return fix;
}

/** The last fix, if it is no older than that. */
export function recentFix(withinMs: number): Fix | null {
  return latest !== null && Date.now() - latest.when <= withinMs ? latest.fix : null;
}

export function devicePosition(): Promise<Fix> {
  return new Promise((resolve, reject) => {
    if (!('geolocation' in navigator)) {
      reject(new DeviceError(false));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      (position) => resolve(fixOf(position)),
      (error) => reject(new DeviceError(error.code === error.PERMISSION_DENIED)),
      OPTIONS,
    );
  });
}

/** Tells where the device is, again and again, until the answer is called. Silent while it cannot tell. */
export function followDevice(tell: (fix: Fix) => void): () => void {
  if (!('geolocation' in navigator)) return () => undefined;
  const watch = navigator.geolocation.watchPosition((position) => tell(fixOf(position)), () => undefined, OPTIONS);
  return () => navigator.geolocation.clearWatch(watch);
}
