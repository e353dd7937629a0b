/** What Lab and Notebook 7 offer to the chat. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { folderOf, nearbyTables } from '../chat/tables';
import type { Language } from '../i18n/translate';
import type { Notebook } from '../protocol/types';
import type { Host, Preferences } from '../ui/ports';
import { type Readable, Signal } from '../ui/readable';
import { labIcons } from './icons';
import { insertCell, openNotebook } from './notebook';

interface Parts {
  readonly app: JupyterFrontEnd;
  readonly language: Language;
  readonly preferences: Readable<Preferences>;
  readonly tracker: INotebookTracker | null;
  readonly browser: IDefaultFileBrowser | null;
}

export function labHost({ app, language, preferences, tracker, browser }: Parts): Host {
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
    insertCell: tracker ? code => insertCell(tracker, code) : undefined,
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
