/** The notebook that is open beside the chat: which one it is, and a new cell for code. */
import { type INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { Notebook } from '../protocol/types';
import type { Readable } from '../ui/readable';

type Drives = Pick<Contents.IManager, 'localPath'>;

/** Follows the tracker. The kernel's id is read when a message is sent, so that a restart needs no signal. */
export function openNotebook(tracker: INotebookTracker, drives: Drives): Readable<Notebook | null> {
  let known: Notebook | null = null;
  return {
    get: () => {
      const now = describe(tracker.currentWidget, drives);
      if (now?.path !== known?.path || now?.kernel_id !== known?.kernel_id) {
        known = now;
      }
      return known;
    },
    subscribe: listener => {
      const onPath = () => listener();
      let panel: NotebookPanel | null = null;
      const follow = () => {
        panel?.context.pathChanged.disconnect(onPath);
        panel = tracker.currentWidget;
        panel?.context.pathChanged.connect(onPath);
        listener();
      };
      tracker.currentChanged.connect(follow);
      tracker.widgetAdded.connect(follow);
      panel = tracker.currentWidget;
      panel?.context.pathChanged.connect(onPath);
      return () => {
        tracker.currentChanged.disconnect(follow);
        tracker.widgetAdded.disconnect(follow);
        panel?.context.pathChanged.disconnect(onPath);
      };
    }
  };
}

function describe(panel: NotebookPanel | null, drives: Drives): Notebook | null {
  if (!panel || panel.isDisposed) {
    return null;
  }
  const path = drives.localPath(panel.context.path);
  const kernel_id = panel.sessionContext.session?.kernel?.id;
  return kernel_id ? { path, kernel_id } : { path };
}

/** A new cell below the active one, in one step that undo takes back. */
export function insertCell(
  tracker: INotebookTracker,
  source: string,
  type: 'code' | 'markdown' = 'code'
): void {
  const notebook = tracker.currentWidget?.content;
  const shared = notebook?.model?.sharedModel;
  if (!notebook || !shared || notebook.model?.readOnly) {
    return;
  }
  const at = notebook.activeCell ? notebook.activeCellIndex + 1 : shared.cells.length;
  shared.insertCell(at, {
    cell_type: type,
    source,
    // The reader has put it here, as with Lab's own "insert"
    metadata: type === 'code' ? { trusted: true } : {}
  });
  notebook.activeCellIndex = at;
  notebook.deselectAll();
  void NotebookActions.focusActiveCell(notebook, { waitUntilReady: true, preventScroll: false });
}

/** Go to a cell of a notebook that is open, or is opened for it. */
export function showCell(panel: NotebookPanel, cellId: string): void {
  void panel.context.ready.then(() => {
    const notebook = panel.content;
    const at = notebook.widgets.findIndex(cell => cell.model.id === cellId);
    const cell = notebook.widgets[at];
    if (cell) {
      notebook.deselectAll();
      notebook.activeCellIndex = at;
      void notebook.scrollToCell(cell, 'smart');
    }
  });
}
