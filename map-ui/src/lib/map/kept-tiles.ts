/**
 * Tiles that also work without a line: asked of the service first, and of this device where the service is away. An
 * address `kept://tiles/roads/14/…` stands for `/tiles/roads/14/…`.
 */
import { addProtocol, AJAXError } from 'maplibre-gl';
import { vault } from '$lib/offline/vault';
import { line } from '$lib/state/line.svelte';

export const KEPT = 'kept';
/** Longer than this, and what lies on the device is the better answer. */
const PATIENCE_MS = 12_000;

addProtocol(KEPT, async ({ url }, { signal }) => {
  const path = `/${url.slice(`${KEPT}://`.length)}`;
  const kept = line.up ? undefined : await vault.getBytes(path);
  return { data: kept ?? (await fetched(path, signal)) };
});

async function fetched(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  let status = 0;
  try {
    const response = await fetch(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
    if (response.ok) return await response.arrayBuffer();
    status = response.status;
  } catch (error) {
    if (signal.aborted) throw error;
  }
  const kept = status === 0 || status >= 502 ? await vault.getBytes(path) : undefined;
  if (kept === undefined) throw new AJAXError(status, '', path, new Blob());
  return kept;
}
