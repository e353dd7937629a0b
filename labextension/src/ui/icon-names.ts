/** What the interface calls its pictures. Lab answers with its own icons, the panel with the same files, bundled. */
export type IconName =
  | 'add'
  | 'attention'
  | 'cancelled'
  | 'chat'
  | 'check'
  | 'close'
  | 'closed'
  | 'copy'
  | 'delete'
  | 'denied'
  | 'download'
  | 'edit'
  | 'enlarge'
  | 'error'
  | 'file'
  | 'insert'
  | 'kernel'
  | 'menu'
  | 'notebook'
  | 'offline'
  | 'open'
  | 'pending'
  | 'running'
  | 'search'
  | 'send'
  | 'stop'
  | 'unknown';

/** SVG text for each name. */
export type IconSet = Readonly<Record<IconName, string>>;

const svg = (path: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3 jp-icon-selectable" fill="#616161" fill-rule="evenodd" d="${path}"/></svg>`;

/** Pictures that Lab does not have. */
export const OWN_ICONS = {
  chat: svg(
    'M4.5 4h15A1.5 1.5 0 0 1 21 5.5v10a1.5 1.5 0 0 1-1.5 1.5H10l-5 4v-4h-.5A1.5 1.5 0 0 1 3 15.5v-10A1.5 1.5 0 0 1 4.5 4zM5 6v9h2v1.8L9.3 15H19V6z'
  ),
  send: svg('M12 4 5 11l1.4 1.4L11 7.8V20h2V7.8l4.6 4.6L19 11z'),
  attention: svg('M12 3 22 20.5H2zM12 7 5.4 18.5h13.2zM11 11h2v4h-2zM11 16h2v2h-2z')
} as const;
