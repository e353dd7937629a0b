/** Lab's icons by our names; a theme that replaces one replaces it here too. */
import {
  addBelowIcon,
  addIcon,
  caretDownIcon,
  caretRightIcon,
  checkIcon,
  circleEmptyIcon,
  circleIcon,
  closeIcon,
  copyIcon,
  deleteIcon,
  downloadIcon,
  editIcon,
  ellipsesIcon,
  errorIcon,
  fileIcon,
  infoIcon,
  kernelIcon,
  LabIcon,
  launchIcon,
  notebookIcon,
  offlineBoltIcon,
  searchIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import { type IconName, type IconSet, OWN_ICONS } from '../ui/icon-names';

export const chatIcon = new LabIcon({ name: 'jupyter-aichat:chat', svgstr: OWN_ICONS.chat });
const sendIcon = new LabIcon({ name: 'jupyter-aichat:send', svgstr: OWN_ICONS.send });
const attentionIcon = new LabIcon({ name: 'jupyter-aichat:warn', svgstr: OWN_ICONS.attention });

const ICONS: Readonly<Record<IconName, LabIcon>> = {
  add: addIcon,
  attention: attentionIcon,
  cancelled: stopIcon,
  chat: chatIcon,
  check: checkIcon,
  close: closeIcon,
  closed: caretRightIcon,
  copy: copyIcon,
  delete: deleteIcon,
  denied: closeIcon,
  download: downloadIcon,
  edit: editIcon,
  enlarge: launchIcon,
  error: errorIcon,
  file: fileIcon,
  insert: addBelowIcon,
  kernel: kernelIcon,
  menu: ellipsesIcon,
  notebook: notebookIcon,
  offline: offlineBoltIcon,
  open: caretDownIcon,
  pending: circleEmptyIcon,
  running: circleIcon,
  search: searchIcon,
  send: sendIcon,
  stop: stopIcon,
  unknown: infoIcon
};

export const labIcons: IconSet = new Proxy({} as IconSet, {
  get: (_, name) => ICONS[name as IconName]?.svgstr ?? ''
});
