/** Talking HTTP to the service: one function per verb, problems thrown, language and session carried along. */
import { hearTime } from '$lib/clock';
import { language } from '$lib/i18n';
import { line } from '$lib/state/line.svelte';
import { Problem } from './problem';

type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

interface Options {
  query?: Query;
  signal?: AbortSignal;
  /** The version an edit is based on; the service refuses a stale one (412). */
  ifMatch?: number;
  /** A file is wanted, which may have to be made first. */
  file?: boolean;
  /** The service has to compute for a while. */
  slow?: boolean;
  /** Keeps the answer on this device, for when there is no line. */
  keep?: boolean;
}

/** Where answers are kept on this device, by the address they were asked from. */
export interface Shelf {
  put: (address: string, answer: unknown) => Promise<void>;
  get: <Answer>(address: string) => Promise<Answer | undefined>;
}

let shelf: Shelf | null = null;

export function keepAnswersOn(given: Shelf): void {
  shelf = given;
}

/** Called when the service says the session is no longer valid. */
let onSessionEnded: () => void = () => undefined;

export function whenSessionEnds(callback: () => void): void {
  onSessionEnded = callback;
}

/** `?kind=a,b&limit=50`; empty values are left out. */
export function queryString(query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (text !== '') parts.set(name, text);
  }
  const text = parts.toString();
  return text === '' ? '' : `?${text}`;
}

/** Longer than this, and the line is as good as down; files, up or down a weak one, and long sums take their time. */
const PATIENCE_MS = 30_000;
const LONG_PATIENCE_MS = 180_000;

async function send(method: string, path: string, body: unknown, options: Options): Promise<Response> {
  const headers = new Headers({ accept: 'application/json', 'accept-language': language.locale });
  if (options.ifMatch !== undefined) headers.set('if-match', `"${options.ifMatch}"`);
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  const patience = AbortSignal.timeout(body instanceof FormData || options.file || options.slow ? LONG_PATIENCE_MS : PATIENCE_MS);
  init.signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
  if (body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(`${path}${queryString(options.query ?? {})}`, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    line.heard(false);
    throw new Problem(0, {});
  }
  line.heard(true);
  hearTime(response.headers.get('date'));
  if (response.status === 401 && !path.endsWith('/session')) onSessionEnded();
  if (!response.ok) throw await Problem.from(response);
  return response;
}

async function json<Answer>(method: string, path: string, body: unknown, options: Options): Promise<Answer> {
  const response = await send(method, path, body, options);
  if (response.status === 204) return undefined as Answer;
  try {
    return (await response.json()) as Answer;
  } catch (error) {
    if (isAbort(error)) throw error;
    // It broke off on its way, or patience ran out.
    throw new Problem(0, {});
  }
}

/** Asks the service; while it is away, gives what was kept of the same question. */
async function get<Answer>(path: string, options: Options = {}): Promise<Answer> {
  const address = path + queryString(options.query ?? {});
  try {
    const answer = await json<Answer>('GET', path, undefined, options);
    if (options.keep) await shelf?.put(address, answer);
    return answer;
  } catch (error) {
    const kept = error instanceof Problem && error.isAway ? await shelf?.get<Answer>(address) : undefined;
    if (kept === undefined) throw error;
    return kept;
  }
}

/** An answer with the version that an edit of it is to name. */
export interface Versioned<Answer> {
  value: Answer;
  version: number;
}

async function versioned<Answer>(method: string, path: string, body: unknown, options: Options = {}): Promise<Versioned<Answer>> {
  const response = await send(method, path, body, options);
  const version = Number(/"(\d+)"/.exec(response.headers.get('etag') ?? '')?.[1] ?? 0);
  return { value: (await response.json()) as Answer, version };
}

export const http = {
  get,
  versioned,
  post: <Answer>(path: string, body: unknown, options: Options = {}) => json<Answer>('POST', path, body, options),
  put: <Answer>(path: string, body: unknown, options: Options = {}) => json<Answer>('PUT', path, body, options),
  patch: <Answer>(path: string, body: unknown, options: Options = {}) => json<Answer>('PATCH', path, body, options),
  delete: <Body = void>(path: string, options: Options = {}) => json<Body>('DELETE', path, undefined, options),
  /** A file, with the name the service gave it. */
  file: async (path: string, options: Options = {}): Promise<File> => {
    const response = await send('GET', path, undefined, { ...options, file: true });
    const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    return new File([await response.blob()], name ?? path.slice(path.lastIndexOf('/') + 1));
  },
};

/** True for a request that was given up on purpose. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
