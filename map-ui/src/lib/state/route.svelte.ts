/**
 * Where the person is: the feature by path, the opened thing and the filters by query, the map's position by hash.
 * All of it survives a reload and can be sent to a colleague.
 */
export const views = ['feed', 'patrol', 'risk', 'round', 'figures', 'plans', 'accounts', 'me'] as const;
export type View = (typeof views)[number];

export const openableKinds = ['report', 'household', 'enterprise', 'hazard', 'grid', 'area'] as const;
export type OpenableKind = (typeof openableKinds)[number];

export interface Opened {
  kind: OpenableKind;
  id: string;
}

function viewOf(path: string): View {
  const first = path.split('/')[1] ?? '';
  return views.find((view) => view === first) ?? 'feed';
}

function openedOf(query: URLSearchParams): Opened | null {
  const [kind, id] = (query.get('open') ?? '').split(':');
  const known = openableKinds.find((openable) => openable === kind);
  return known && id ? { kind: known, id } : null;
}

class Route {
  view = $state<View>('feed');
  opened = $state.raw<Opened | null>(null);
  query = $state.raw(new URLSearchParams());

  constructor() {
    this.#read();
    window.addEventListener('popstate', () => this.#read());
  }

  go(view: View): void {
    this.view = view;
    this.opened = null;
    this.#write('push');
  }

  open(kind: OpenableKind, id: string): void {
    this.opened = { kind, id };
    this.#write('push');
  }

  close(): void {
    this.opened = null;
    this.#write('push');
  }

  /** Sets or removes query values in place; pressing Back does not step through every change of a filter. */
  set(values: Record<string, string | null>): void {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === '') query.delete(name);
      else query.set(name, value);
    }
    this.query = query;
    this.#write('replace');
  }

  /** Back to the start, for whoever signs in next on this device. */
  reset(): void {
    this.view = 'feed';
    this.opened = null;
    this.query = new URLSearchParams();
    history.replaceState(null, '', '/');
  }

  #read(): void {
    const query = new URLSearchParams(location.search);
    this.view = viewOf(location.pathname);
    this.opened = openedOf(query);
    query.delete('open');
    this.query = query;
  }

  #write(how: 'push' | 'replace'): void {
    const query = new URLSearchParams(this.query);
    if (this.opened) query.set('open', `${this.opened.kind}:${this.opened.id}`);
    const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
    const path = this.view === 'feed' ? '/' : `/${this.view}`;
    const url = `${path}${text === '' ? '' : `?${text}`}${location.hash}`;
    if (how === 'push') history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }
}

export const route = new Route();
