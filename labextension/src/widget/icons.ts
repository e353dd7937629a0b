/** Lab's pictures, bundled: the panel stands outside of Lab's modules. */
// biome-ignore-all lint/style/noRestrictedImports: pictures, no code
import caretDown from '@jupyterlab/ui-components/style/icons/arrow/caret-down.svg';
import caretRight from '@jupyterlab/ui-components/style/icons/arrow/caret-right.svg';
import error from '@jupyterlab/ui-components/style/icons/error.svg';
import file from '@jupyterlab/ui-components/style/icons/filetype/file.svg';
import notebook from '@jupyterlab/ui-components/style/icons/filetype/notebook.svg';
import info from '@jupyterlab/ui-components/style/icons/info.svg';
import kernel from '@jupyterlab/ui-components/style/icons/statusbar/kernel.svg';
import add from '@jupyterlab/ui-components/style/icons/toolbar/add.svg';
import addBelow from '@jupyterlab/ui-components/style/icons/toolbar/add-below.svg';
import check from '@jupyterlab/ui-components/style/icons/toolbar/check.svg';
import circle from '@jupyterlab/ui-components/style/icons/toolbar/circle.svg';
import circleEmpty from '@jupyterlab/ui-components/style/icons/toolbar/circle-empty.svg';
import close from '@jupyterlab/ui-components/style/icons/toolbar/close.svg';
import copy from '@jupyterlab/ui-components/style/icons/toolbar/copy.svg';
import remove from '@jupyterlab/ui-components/style/icons/toolbar/delete.svg';
import download from '@jupyterlab/ui-components/style/icons/toolbar/download.svg';
import edit from '@jupyterlab/ui-components/style/icons/toolbar/edit.svg';
import ellipses from '@jupyterlab/ui-components/style/icons/toolbar/ellipses.svg';
import launch from '@jupyterlab/ui-components/style/icons/toolbar/launch.svg';
import offlineBolt from '@jupyterlab/ui-components/style/icons/toolbar/offline-bolt.svg';
import search from '@jupyterlab/ui-components/style/icons/toolbar/search.svg';
import stop from '@jupyterlab/ui-components/style/icons/toolbar/stop.svg';
import { type IconSet, OWN_ICONS } from '../ui/icon-names';

export const panelIcons: IconSet = {
  ...OWN_ICONS,
  add,
  cancelled: stop,
  check,
  close,
  closed: caretRight,
  copy,
  delete: remove,
  denied: close,
  download,
  edit,
  enlarge: launch,
  error,
  file,
  insert: addBelow,
  kernel,
  menu: ellipses,
  notebook,
  offline: offlineBolt,
  open: caretDown,
  pending: circleEmpty,
  running: circle,
  search,
  stop,
  unknown: info
};
