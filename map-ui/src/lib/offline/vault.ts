/**
 * What one account keeps on this device to work without a line: answers of the service, map tiles, the day's
 * progress. Gone when the account signs out. Where the browser keeps nothing, every `get` finds nothing.
 */
import { database } from './database';
import { newKey, seal, sealJson, unseal, unsealJson, type Sealed } from './seal';

class Vault {
  #account: string | null = null;
  #key: CryptoKey | null = null;

  get account(): string | null {
    return this.#account;
  }

  get key(): CryptoKey | null {
    return this.#key;
  }

  /** Opens the account's part, making its key when it has none. */
  async open(account: string): Promise<void> {
    this.#account = account;
    try {
      const stored = await (await database()).get('keys', account);
      this.#key = stored ? stored.key : await newKey();
      await (await database()).put('keys', { account, key: this.#key, openedAt: Date.now() });
    } catch (error) {
      console.warn('nothing can be kept on this device', error);
    }
  }

  /** Opens the part of whoever was here last and did not sign out. False when there is nobody. */
  async openLast(): Promise<boolean> {
    try {
      const cursor = await (await database()).transaction('keys').store.index('openedAt').openCursor(null, 'prev');
      if (cursor === null) return false;
      this.#account = cursor.value.account;
      this.#key = cursor.value.key;
      return true;
    } catch {
      return false;
    }
  }

  async put(name: string, value: unknown): Promise<void> {
    await this.#store(name, () => sealJson(this.#key, value));
  }

  async putBytes(name: string, bytes: ArrayBuffer): Promise<void> {
    await this.#store(name, () => seal(this.#key, bytes));
  }

  async get<Value>(name: string): Promise<Value | undefined> {
    const content = await this.#find(name);
    return content && unsealJson<Value>(this.#key, content);
  }

  async getBytes(name: string): Promise<ArrayBuffer | undefined> {
    const content = await this.#find(name);
    return content && unseal(this.#key, content);
  }

  /** Removes everything kept under names that begin with `prefix`. */
  async clear(prefix: string): Promise<void> {
    const account = this.#account;
    if (account === null) return;
    await (await database()).delete('kept', IDBKeyRange.bound([account, prefix], [account, `${prefix}\uffff`]));
  }

  /** Removes all there is of the account: its key first, so that nothing can be read even if the rest fails. */
  async forget(): Promise<void> {
    const account = this.#account;
    [this.#account, this.#key] = [null, null];
    if (account === null) return;
    const base = await database();
    await base.delete('keys', account);
    await base.delete('kept', IDBKeyRange.bound([account], [account, []]));
    const queued = await base.getAllKeysFromIndex('queue', 'account', account);
    await Promise.all(queued.map((no) => base.delete('queue', no)));
  }

  /**
   * Puts things in the place of all that is kept under names that begin with `prefix`, whole or not at all. False when
   * the device would not take them.
   */
  async replace(prefix: string, things: readonly { name: string; bytes: ArrayBuffer }[]): Promise<boolean> {
    const account = this.#account;
    if (account === null) return false;
    try {
      const rows = await Promise.all(things.map(async ({ name, bytes }) => ({ account, name, content: await seal(this.#key, bytes) })));
      const change = (await database()).transaction('kept', 'readwrite');
      const deeds = [change.store.delete(IDBKeyRange.bound([account, prefix], [account, `${prefix}\uffff`])), ...rows.map((row) => change.store.put(row))];
      await Promise.all([...deeds, change.done]);
      return true;
    } catch (error) {
      console.warn(`not kept: ${prefix}`, error);
      return false;
    }
  }

  async #store(name: string, sealed: () => Promise<Sealed>): Promise<void> {
    const account = this.#account;
    if (account === null) return;
    try {
      const content = await sealed();
      await (await database()).put('kept', { account, name, content });
    } catch (error) {
      // Full or forbidden storage: the page still works while there is a line.
      console.warn(`not kept: ${name.split('?')[0] ?? ''}`, error);
    }
  }

  async #find(name: string): Promise<Sealed | undefined> {
    if (this.#account === null) return undefined;
    const kept = await (await database()).get('kept', [this.#account, name]).catch(() => undefined);
    return kept?.content;
  }
}

export const vault = new Vault();
