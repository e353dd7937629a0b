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

/** A new code cell below the active one, made by Lab's own action, so that undo takes it back. */
export function insertCell(tracker: INotebookTracker, code: string): void {
  const panel = tracker.currentWidget;
  if (panel) {
    NotebookActions.insertBelow(panel.content);
    panel.content.activeCell?.model.sharedModel.setSource(code);
    void NotebookActions.focusActiveCell(panel.content, { waitUntilReady: true, preventScroll: false });
  }
}
