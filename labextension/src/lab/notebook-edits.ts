/** Changes of a notebook on behalf of an agent, in Lab's own shared model: undo takes each back, unsaved edits stay. */
import type { ISharedCell, ISharedNotebook } from '@jupyter/ydoc';

/** Where a cell comes from; kept in its metadata as `jupyter_aichat`. */
export interface Origin {
  readonly thread: string;
  readonly run: string;
  readonly message: string;
  readonly agent: string;
}

export interface NewCell {
  readonly type: 'code' | 'markdown';
  readonly source: string;
  /** Id of the cell before it; without one it comes at the end. */
  readonly after?: string;
}

/** Why nothing was done; a sentence for the agent, which Korean readers get from the language pack. */
export class Refused extends Error {
  constructor(
    message: string,
    /** What the cell showed before. */
    readonly output = ''
  ) {
    super(message);
  }
}

const GONE = 'The cell is not in the notebook any more.';
const EDITED = 'The cell was edited in the meantime. Read it again.';

/** Returns the new cell's id. */
export function insertCell(notebook: ISharedNotebook, cell: NewCell, origin: Origin): string {
  const at = cell.after === undefined ? notebook.cells.length : indexOf(notebook, cell.after) + 1;
  return asOneStep(notebook, () =>
    notebook
      .insertCell(at, {
        cell_type: cell.type,
        source: cell.source,
        metadata: { jupyter_aichat: { ...origin } }
      })
      .getId()
  );
}

/** Only what differs is replaced, so that a cursor in the cell stays where it is. */
export function replaceSource(
  notebook: ISharedNotebook,
  cellId: string,
  source: string,
  expected?: string
): void {
  const cell = cellOf(notebook, cellId, expected);
  const before = cell.getSource();
  const shorter = Math.min(before.length, source.length);
  let same = 0;
  while (same < shorter && before[same] === source[same]) {
    same++;
  }
  let tail = 0;
  while (tail < shorter - same && before.at(-1 - tail) === source.at(-1 - tail)) {
    tail++;
  }
  asOneStep(notebook, () =>
    cell.updateSource(same, before.length - tail, source.slice(same, source.length - tail))
  );
}

/** The cell, unless the person has changed it since the agent read it. */
export function cellOf(notebook: ISharedNotebook, cellId: string, expected?: string): ISharedCell {
  const cell = notebook.getCell(indexOf(notebook, cellId));
  if (expected !== undefined && cell.getSource() !== expected) {
    throw new Refused(EDITED);
  }
  return cell;
}

export function indexOf({ cells }: ISharedNotebook, cellId: string): number {
  const index = cells.findIndex(cell => cell.getId() === cellId);
  if (index < 0) {
    throw new Refused(GONE);
  }
  return index;
}

/** What a person typed just before or after is not undone with it. */
function asOneStep<T>(notebook: ISharedNotebook, change: () => T): T {
  const { undoManager } = notebook as { undoManager?: { stopCapturing(): void } };
  undoManager?.stopCapturing();
  const result = change();
  undoManager?.stopCapturing();
  return result;
}
