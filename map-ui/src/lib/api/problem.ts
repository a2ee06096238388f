import type { Words } from '$lib/i18n';

/** One field the service refused, and why (in the language asked for). */
export interface FieldError {
  field: string;
  message: string;
}

/** The body of an `application/problem+json` answer (RFC 9457). */
export interface ProblemBody {
  type?: string;
  title?: string;
  detail?: string;
  instance?: string;
  errors?: FieldError[];
}

/** An answer other than 2xx, or no answer at all (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
  readonly fields: FieldError[];
  /** As it was sent. */
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody) {
    super(body.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.title = body.title ?? '';
    this.detail = body.detail ?? '';
    this.requestId = body.instance ?? '';
    this.fields = body.errors ?? [];
    this.body = body;
  }

  static async from(response: Response): Promise<Problem> {
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const body: ProblemBody = isJson ? await response.json().catch(() => ({})) : {};
    return new Problem(response.status, body);
  }

  /** True when the service is not there: no line, or a gateway with nobody behind it. */
  get isAway(): boolean {
    return this.isNetwork || [502, 503, 504].includes(this.status);
  }

  /** True when nothing reached the service or nothing came back: the same request may be sent again. */
  get isNetwork(): boolean {
    return this.status === 0;
  }
}

/** What to tell the person about anything that was thrown. */
export function explain(error: unknown, words: Words): string {
  if (!(error instanceof Problem)) return words.problems.unexpected;
  if (error.isNetwork) return words.problems.network;
  if (error.status === 429 && error.detail === '') return words.problems.tooMany;
  return error.detail || error.title || words.problems.unexpected;
}
