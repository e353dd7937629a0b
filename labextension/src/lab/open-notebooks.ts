/** Notebooks that are open in this window, as agents' actions see them. The person's cursor, selection and view stay. */
import {
  type INotebookCellExecutor,
  type INotebookTracker,
  KernelError,
  type NotebookPanel,
  runCell
} from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { shownBy } from './cell-outputs';
import type { OpenNotebook, OpenNotebooks } from './notebook-actions';
import { cellOf, indexOf, insertCell, Refused, replaceSource } from './notebook-edits';

type Drives = Pick<Contents.IManager, 'localPath'>;

export function openNotebooks(
  tracker: INotebookTracker,
  drives: Drives,
  executor: INotebookCellExecutor | null
): OpenNotebooks {
  const run = executor ? executor.runCell.bind(executor) : runCell;
  return {
    find: path => {
      const panel = tracker.find(
        ({ context, isDisposed }) => !isDisposed && context.isReady && drives.localPath(context.path) === path
      );
      return panel && inPanel(panel, run);
    },
    subscribe: listener => {
      const watch = (panel: NotebookPanel) => {
        panel.context.pathChanged.connect(listener);
        void panel.context.ready.then(listener);
      };
      const added = (_: unknown, panel: NotebookPanel) => watch(panel);
      tracker.forEach(watch);
      tracker.widgetAdded.connect(added);
      return () => {
        tracker.widgetAdded.disconnect(added);
        tracker.forEach(panel => void panel.context.pathChanged.disconnect(listener));
      };
    }
  };
}

function inPanel(panel: NotebookPanel, run: typeof runCell): OpenNotebook {
  const shared = () => {
    const { model } = panel.content;
    if (!model || model.readOnly) {
      throw new Refused('The notebook is read-only.');
    }
    return model.sharedModel;
  };
  return {
    insert: (cell, origin) => insertCell(shared(), cell, origin),
    replace: (cellId, source, expected) => replaceSource(shared(), cellId, source, expected),
    run: async (cellId, expected) => {
      const notebook = shared();
      cellOf(notebook, cellId, expected);
      const cell = panel.content.widgets[indexOf(notebook, cellId)];
      const { model } = panel.content;
      const { sessionContext } = panel;
      if (!cell || !model || (cell.model.type === 'code' && !sessionContext.session?.kernel)) {
        throw new Refused('The cell was not run: the notebook has no kernel.');
      }
      // Not `NotebookActions.run`, which leaves the cell that the person is writing in
      const ran = await run({
        cell,
        notebook: model,
        notebookConfig: panel.content.notebookConfig,
        onCellExecuted: () => undefined,
        onCellExecutionScheduled: () => undefined,
        sessionContext
      }).catch(error => {
        throw error instanceof KernelError
          ? new Refused(`${error.errorName}: ${error.errorValue}`, shownBy(cell.model.toJSON()))
          : error;
      });
      if (!ran) {
        throw new Refused('The cell was not run to its end.');
      }
      return shownBy(cell.model.toJSON());
    }
  };
}
