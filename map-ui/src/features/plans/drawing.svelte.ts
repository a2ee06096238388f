/** What the toolbar and the keys have in common: settings of the hand, and edits of what is selected. */
import { language } from '$lib/i18n';
import { notices } from '$lib/state/notices.svelte';
import type { Editor } from './editor.svelte';

class Drawing {
  /** Whether drawn places are pulled onto roads and ditches. */
  snap = $state(true);

  /** Removes the selected vertex. */
  async removeVertex(editor: Editor): Promise<void> {
    if (editor.vertex === null) return;
    const [x, y] = editor.coverage.place(editor.vertex);
    editor.begin();
    const removed = editor.tryRemove(editor.vertex);
    if (typeof removed === 'string') notices.say(language.t.plans.refusal[removed], 'bad');
    else await editor.step([{ op: 'remove_vertex', at: [x, y] }]);
  }

  /** Adds a vertex in the middle of the selected edge, or of the longest edge that can be moved at the selected vertex. */
  async addVertex(editor: Editor): Promise<void> {
    const { coverage, vertex } = editor;
    const at = vertex === null ? [] : coverage.neighbours(vertex).map((w): [number, number] => [vertex, w]);
    const [edge] = editor.edge ? [editor.edge] : at.filter(([a, b]) => !coverage.isRim(a, b) && !coverage.isLocked(a, b));
    if (!edge) return;
    const [a, b] = edge.map((v) => coverage.place(v));
    const place: [number, number] = [(a![0] + b![0]) / 2, (a![1] + b![1]) / 2];
    editor.begin();
    const added = editor.tryInsert([edge[0]!, edge[1]!], place);
    if (typeof added === 'string') return;
    editor.vertex = added.vertex;
    editor.edge = null;
    await editor.step([{ op: 'insert_vertex', at: place }]);
  }
}

export const drawing = new Drawing();
