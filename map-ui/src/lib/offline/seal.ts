/**
 * Encryption at rest: AES-GCM under a key that the browser keeps and never hands out (`extractable: false`). It
 * guards copies of the disk and other programs' reading of it, not a person who holds the unlocked phone and the
 * signed-in page. Browsers offer WebCrypto on HTTPS and on localhost only; elsewhere things are kept as they are.
 */
export type Sealed = { iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer } | { plain: ArrayBuffer };

const IV_BYTES = 12;

export async function newKey(): Promise<CryptoKey | null> {
  // Absent on pages served without HTTPS, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  return subtle ? subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']) : null;
}

export async function seal(key: CryptoKey | null, bytes: ArrayBuffer): Promise<Sealed> {
  if (key === null) return { plain: bytes };
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) };
}

/** Rejects when the key is not the one it was sealed with. */
export async function unseal(key: CryptoKey | null, sealed: Sealed): Promise<ArrayBuffer> {
  if ('plain' in sealed) return sealed.plain;
  if (key === null) throw new Error('sealed under a key that is gone');
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.bytes);
}

export function sealJson(key: CryptoKey | null, value: unknown): Promise<Sealed> {
  return seal(key, new TextEncoder().encode(JSON.stringify(value)).buffer);
}

export async function unsealJson<Value>(key: CryptoKey | null, sealed: Sealed): Promise<Value> {
  return JSON.parse(new TextDecoder().decode(await unseal(key, sealed))) as Value;
}
