/** The panel between the cells (anywidget). The browser talks to the gateway itself, so that it streams while the kernel is busy. */
import type { AnyModel, RenderProps } from '@anywidget/types';
import { createRoot } from 'react-dom/client';
import { createBackend } from '../chat/backend';
import { folderOf, nearbyTables } from '../chat/tables';
import { pageServer } from '../client/server';
import { languageOf, translator } from '../i18n/translate';
import { Chat } from '../ui/chat';
import { ChatModel, newThreadId } from '../ui/chat-model';
import type { Host, Preferences } from '../ui/ports';
import { Signal } from '../ui/readable';
import { panelIcons } from './icons';
import { kernelNotebook, listFolder } from './notebook';
import '../../style/index.css';

/** The traits of `ChatPanel` in Python. */
interface Traits {
  /** Empty until the first view chose one. */
  thread_id: string;
  /** A CSS length; empty: as high as its content, up to a limit. */
  height: string;
  /** Empty where the kernel does not know. */
  kernel_id: string;
}

function render({ model: traits, el }: RenderProps<Traits>): () => void {
  const language = languageOf(document.documentElement.lang || navigator.language);
  const server = pageServer();
  const box = document.createElement('div'); // a height set on `el` itself is not kept reliably
  el.appendChild(box);
  if (!server) {
    const t = translator(language);
    box.textContent = t(
      'There is no Jupyter server behind this page; the chat needs one. Open the notebook in JupyterLab or Notebook 7.'
    );
    return () => box.remove();
  }
  const notebook = kernelNotebook(server, traits.get('kernel_id'));
  const host: Host = {
    place: 'panel',
    language,
    icons: panelIcons,
    preferences: new Signal<Preferences>({ sendWithEnter: true }),
    notebook: notebook.open,
    suggestFiles: async () => {
      await notebook.known;
      const path = notebook.open.get()?.path;
      return nearbyTables([path === undefined ? '' : folderOf(path)], folder => listFolder(server, folder));
    }
  };
  const chat = new ChatModel(
    createBackend({ server, view: 'panel' }),
    { get: () => null, set: () => undefined }, // its thread is a trait, saved with the notebook
    { threadId: threadOf(traits) }
  );
  chat.language = language;
  const onThread = () => chat.openThread(threadOf(traits));
  const onHeight = () => box.style.setProperty('--aichat-panel-height', traits.get('height') || null);
  onHeight();
  traits.on('change:thread_id', onThread);
  traits.on('change:height', onHeight);
  const stopWatching = chat.subscribe(() => {
    if (chat.session.threadId !== traits.get('thread_id')) {
      traits.set('thread_id', chat.session.threadId);
      traits.save_changes();
    }
  });
  const root = createRoot(box);
  root.render(<Chat model={chat} host={host} />);
  return () => {
    stopWatching();
    traits.off('change:thread_id', onThread);
    traits.off('change:height', onHeight);
    root.unmount();
    chat.dispose();
    box.remove();
  };
}

/** The panel's thread; a panel without one begins a new thread, the same for all its views. */
function threadOf(traits: AnyModel<Traits>): string {
  const known = traits.get('thread_id');
  if (known) {
    return known;
  }
  const made = newThreadId();
  traits.set('thread_id', made);
  traits.save_changes();
  return made;
}

export default { render };
