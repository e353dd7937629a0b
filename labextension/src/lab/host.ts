/** What Lab and Notebook 7 offer to the chat. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { folderOf, nearbyTables } from '../chat/tables';
import type { Language } from '../i18n/translate';
import type { Notebook } from '../protocol/types';
import type { Host, Preferences } from '../ui/ports';
import { type Readable, Signal } from '../ui/readable';
import { editorIn } from './editor';
import { labIcons } from './icons';
import { insertCell, openNotebook, showCell } from './notebook';

interface Parts {
  readonly app: JupyterFrontEnd;
  readonly language: Language;
  readonly preferences: Readable<Preferences>;
  readonly tracker: INotebookTracker | null;
  readonly browser: IDefaultFileBrowser | null;
  readonly editors: IEditorServices | null;
}

export function labHost({ app, language, preferences, tracker, browser, editors }: Parts): Host {
  const { contents } = app.serviceManager;
  const notebook: Readable<Notebook | null> = tracker
    ? openNotebook(tracker, contents)
    : new Signal<Notebook | null>(null);
  return {
    place: 'sidebar',
    language,
    icons: labIcons,
    preferences,
    notebook,
    insertCell: tracker ? (source, type) => insertCell(tracker, source, type) : undefined,
    showCell: tracker
      ? async (path, cellId) => {
          const panel: NotebookPanel | undefined = await app.commands.execute('docmanager:open', { path });
          if (panel && tracker.has(panel)) {
            showCell(panel, cellId);
          }
        }
      : undefined,
    mountEditor: editors ? editorIn(editors) : undefined,
    openPath: path => void app.commands.execute('docmanager:open', { path }),
    suggestFiles: () => {
      const path = notebook.get()?.path;
      const folders = [
        ...(path === undefined ? [] : [folderOf(path)]),
        ...(browser ? [contents.localPath(browser.model.path)] : []),
        ''
      ];
      return nearbyTables(folders, async folder => {
        const model = await contents.get(folder, { content: true });
        return Array.isArray(model.content) ? model.content : [];
      });
    }
  };
}
