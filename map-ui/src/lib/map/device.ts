import type { LonLat } from '$lib/api/types';

export class DeviceError extends Error {
  readonly denied: boolean;

  constructor(denied: boolean) {
    super(denied ? 'position denied' : 'position not available');
    this.name = 'DeviceError';
    this.denied = denied;
  }
}

/** Where this device says it is: WGS84, as the Geolocation API promises, with its 95 % radius in metres. */
export function devicePosition(): Promise<{ at: LonLat; accuracyM: number }> {
  return new Promise((resolve, reject) => {
    if (!('geolocation' in navigator)) {
      reject(new DeviceError(false));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ at: [coords.longitude, coords.latitude], accuracyM: coords.accuracy }),
      (error) => reject(new DeviceError(error.code === error.PERMISSION_DENIED)),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 },
    );
  });
}
