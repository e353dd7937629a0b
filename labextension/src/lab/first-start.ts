/** Open the chat by itself: only where the reader has not arranged the window yet, and without taking the cursor. */
import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import { SplitPanel, type Widget } from '@lumino/widgets';
import type { Memory } from '../ui/ports';
import type { Sidebar } from './sidebar';

const SEEN = 'opened-once';

export type Side = 'left' | 'right';

export async function openAtStart(
  app: JupyterFrontEnd,
  labShell: ILabShell | null,
  sidebar: Sidebar,
  side: Side,
  memory: Memory
): Promise<void> {
  await app.restored;
  const first = memory.get(SEEN) === null;
  if (labShell) {
    const layout = await labShell.restored;
    const area = side === 'left' ? layout.leftArea : layout.rightArea;
    const untouched = layout.fresh || (first && !area?.currentWidget);
    if (untouched && labShell.mode !== 'single-document') {
      open(app, sidebar);
    }
  } else if (first && app.name === 'Jupyter Notebook') {
    open(app, sidebar);
  }
  memory.set(SEEN, 'yes');
}

/** Wide enough for a table; the reader may drag it to where it suits. */
const FIRST_WIDTH = 360;

function open(app: JupyterFrontEnd, sidebar: Sidebar): void {
  const before = document.activeElement;
  sidebar.openQuietly(() => app.shell.activateById(sidebar.id));
  if (before instanceof HTMLElement && before !== document.activeElement) {
    before.focus({ preventScroll: true });
  }
  widen(sidebar);
}

/** The window gets its size late in the start; until then there is nothing to share out. */
const STARTING_MS = 3000;

function widen(sidebar: Widget): void {
  let inside: Widget = sidebar;
  while (inside.parent && !(inside.parent instanceof SplitPanel)) {
    inside = inside.parent;
  }
  const panel = inside.parent;
  if (!(panel instanceof SplitPanel)) {
    return;
  }
  const observer = new ResizeObserver(() => {
    const at = panel.widgets.indexOf(inside);
    const sizes = panel.relativeSizes();
    const share = FIRST_WIDTH / panel.node.clientWidth;
    const main = sizes.indexOf(Math.max(...sizes));
    const missing = share - (sizes[at] ?? share);
    if (missing > 0 && main !== at && (sizes[main] ?? 0) - missing > share) {
      observer.disconnect();
      panel.setRelativeSizes(sizes.map((size, i) => (i === at ? share : i === main ? size - missing : size)));
    }
  });
  observer.observe(panel.node);
  setTimeout(() => observer.disconnect(), STARTING_MS);
}
