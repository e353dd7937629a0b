/** The extension of JupyterLab 4 and Notebook 7: one plugin, everything it needs beyond the application is optional. */
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookCellExecutor, INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';
import { createBackend } from '../chat/backend';
import { labServer } from '../client/server';
import { languageOf } from '../i18n/translate';
import { ChatModel } from '../ui/chat-model';
import { browserMemory } from '../ui/ports';
import { addCommands } from './commands';
import { openAtStart } from './first-start';
import { labHost } from './host';
import { performActions } from './notebook-actions';
import { openNotebooks } from './open-notebooks';
import { readSettings } from './settings';
import { Sidebar } from './sidebar';

export const PLUGIN_ID = 'jupyterlab-aichat:plugin';
const RANK = 900;

export const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'AI chat in the sidebar: a supervisor and its specialist agents.',
  autoStart: true,
  optional: [
    ILabShell,
    ILayoutRestorer,
    ICommandPalette,
    INotebookTracker,
    IDefaultFileBrowser,
    ISettingRegistry,
    ITranslator,
    IEditorServices,
    INotebookCellExecutor
  ],
  activate: async (
    app: JupyterFrontEnd,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    tracker: INotebookTracker | null,
    browser: IDefaultFileBrowser | null,
    registry: ISettingRegistry | null,
    translation: ITranslator | null,
    editors: IEditorServices | null,
    executor: INotebookCellExecutor | null
  ) => {
    const { serverSettings } = app.serviceManager;
    const server = labServer(serverSettings);
    const memory = browserMemory(serverSettings.baseUrl);
    const language = languageOf(translation?.languageCode);
    const settings = await readSettings(registry, PLUGIN_ID);
    const host = labHost({ app, language, preferences: settings.preferences, tracker, browser, editors });
    const backend = createBackend({ server, view: 'sidebar', webSocket: serverSettings.WebSocket });
    const model = new ChatModel(backend, memory);
    model.language = language;
    const sidebar = new Sidebar(model, host);

    if (tracker) {
      performActions(model, openNotebooks(tracker, app.serviceManager.contents, executor));
    }

    let side = settings.side.get();
    app.shell.add(sidebar, side, { rank: RANK });
    settings.side.subscribe(() => {
      const wanted = settings.side.get();
      if (wanted !== side) {
        side = wanted;
        app.shell.add(sidebar, side, { rank: RANK });
        app.shell.activateById(sidebar.id);
      }
    });
    restorer?.add(sidebar, sidebar.id);
    addCommands(app, sidebar, host, palette);
    if (settings.openOnStart) {
      void openAtStart(app, labShell, sidebar, side, memory);
    }
  }
};
