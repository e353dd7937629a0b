/** The notebook a panel stands in, found by its kernel: outside of Lab's modules nothing else tells. */
import type { Entry } from '../chat/tables';
import type { ServerLocation } from '../client/server';
import type { Notebook } from '../protocol/types';
import { type Readable, Signal } from '../ui/readable';

interface SessionModel {
  readonly path?: unknown;
  readonly type?: unknown;
  readonly kernel?: { readonly id?: unknown } | null;
}

export interface Surrounding {
  /** `null` while it is not known. */
  readonly open: Readable<Notebook | null>;
  /** Settled when there is nothing more to learn. */
  readonly known: Promise<void>;
}

export function kernelNotebook(server: ServerLocation, kernelId: string): Surrounding {
  const open = new Signal<Notebook | null>(null);
  const known = kernelId
    ? sessions(server).then(all => open.set(notebookOf(all, kernelId)))
    : Promise.resolve();
  return { open, known };
}

export function notebookOf(all: readonly SessionModel[], kernelId: string): Notebook | null {
  const path = all.find(session => session.type === 'notebook' && session.kernel?.id === kernelId)?.path;
  return typeof path === 'string' && path ? { path, kernel_id: kernelId } : null;
}

/** The items of a folder. Throws where it can't be read. */
export async function listFolder(server: ServerLocation, folder: string): Promise<readonly Entry[]> {
  const path = folder.split('/').map(encodeURIComponent).join('/');
  const model = await ask(server, `contents/${path}?type=directory&content=1`);
  const content = Object(model).content;
  return Array.isArray(content) ? content : [];
}

async function sessions(server: ServerLocation): Promise<readonly SessionModel[]> {
  try {
    const all = await ask(server, 'sessions');
    return Array.isArray(all) ? all : [];
  } catch {
    return []; // the panel works without it
  }
}

/** Jupyter Server's own API, beside ours. */
async function ask(server: ServerLocation, route: string): Promise<unknown> {
  const address = new URL(`../${route}`, server.url(''));
  const answer = await fetch(address, { headers: server.headers(), credentials: 'same-origin' });
  if (!answer.ok) {
    throw new Error(`${route}: ${answer.status}`);
  }
  return answer.json();
}
