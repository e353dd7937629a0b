/** What the palette, menus and shortcuts can do. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { type Translate, translator } from '../i18n/translate';
import type { Host } from '../ui/ports';
import { chatIcon } from './icons';
import type { Sidebar } from './sidebar';

export const CommandIDs = {
  open: 'aichat:open',
  focus: 'aichat:focus',
  newThread: 'aichat:new-thread',
  threads: 'aichat:threads',
  stop: 'aichat:stop',
  connectModel: 'aichat:connect-model'
} as const;

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

export function addCommands(
  app: JupyterFrontEnd,
  sidebar: Sidebar,
  host: Host,
  palette: ICommandPalette | null
): void {
  const t: Translate = translator(host.language);
  const { model } = sidebar;
  const show = () => app.shell.activateById(sidebar.id);
  const running = () => model.session.getState().run_id !== undefined;
  const category = t('AI chat');

  app.commands.addCommand(CommandIDs.open, {
    label: t('Open AI chat'),
    icon: chatIcon,
    describedBy: NO_ARGUMENTS,
    execute: show
  });
  app.commands.addCommand(CommandIDs.focus, {
    label: t('Go to the AI chat'),
    describedBy: NO_ARGUMENTS,
    execute: show
  });
  app.commands.addCommand(CommandIDs.newThread, {
    label: t('Ask something new'),
    describedBy: NO_ARGUMENTS,
    execute: () => {
      show();
      model.newThread();
    }
  });
  app.commands.addCommand(CommandIDs.threads, {
    label: t('Show all threads'),
    describedBy: NO_ARGUMENTS,
    execute: () => {
      show();
      model.show('threads');
    }
  });
  app.commands.addCommand(CommandIDs.stop, {
    label: t('Stop the answer'),
    describedBy: NO_ARGUMENTS,
    isEnabled: running,
    execute: () => model.session.cancel()
  });
  app.commands.addCommand(CommandIDs.connectModel, {
    label: t('Connect a model…'),
    describedBy: NO_ARGUMENTS,
    execute: () => {
      show();
      model.show('model');
    }
  });
  for (const command of Object.values(CommandIDs)) {
    palette?.addItem({ command, category });
  }
}
