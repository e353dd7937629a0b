/** What a bundle of MIME types is shown as. Whatever is in it comes from code that an agent ran: nothing of it is trusted. */
import { TABLE_MIME, type Table, tableOf } from './table-data';

export type View =
  /** `src` is a data URL for `<img>`, where neither scripts nor links work. */
  | { readonly kind: 'image'; readonly mime: string; readonly src: string; readonly size?: Size }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'markdown' | 'text' | 'html'; readonly text: string }
  /** Nothing that can be shown. */
  | { readonly kind: 'none'; readonly mimes: readonly string[] };

export interface Size {
  readonly width: number;
  readonly height: number;
}

type Bundle = Readonly<Record<string, unknown>>;

export function viewOf(bundle: Bundle): View {
  const table = tableOf(bundle[TABLE_MIME]);
  if (table) {
    return { kind: 'table', table };
  }
  const image = imageOf(bundle);
  if (image) {
    return image;
  }
  for (const [mime, kind] of TEXTS) {
    const text = textOf(bundle[mime]);
    if (text !== undefined) {
      return { kind, text };
    }
  }
  return { kind: 'none', mimes: Object.keys(bundle) };
}

/** Says that a form of the artifact is too large to come with it, and is to be had from the server. */
export const STORED_MIME = 'application/vnd.jupyter-aichat.stored+json';

export interface Stored {
  readonly mime: string;
  /** Bytes. */
  readonly size: number;
}

export function storedOf(bundle: Bundle): Stored | undefined {
  const { mime, size } = Object(bundle[STORED_MIME]);
  return typeof mime === 'string' && typeof size === 'number' ? { mime, size } : undefined;
}

/** The file of a stored form as it would stand in a bundle. */
export async function bundled(file: Blob, mime: string): Promise<unknown> {
  if (/json$/.test(mime)) {
    return JSON.parse(await file.text());
  }
  return mime.startsWith('image/') && mime !== 'image/svg+xml' ? base64Of(file) : file.text();
}

async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const step = 30_000; // divisible by 3, and few enough for one call
  let text = '';
  for (let at = 0; at < bytes.length; at += step) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + step)));
  }
  return text;
}

/** HTML comes last: what it shows it can't do anything with. */
const TEXTS = [
  ['text/markdown', 'markdown'],
  ['text/plain', 'text'],
  ['text/html', 'html']
] as const;

/** A chart that is drawn in the browser, which is not done here: its name. */
export function interactiveKind(bundle: Bundle): string | undefined {
  const names = Object.keys(bundle).map(mime =>
    /plotly/.test(mime) ? 'Plotly' : /vega/.test(mime) ? 'Vega' : undefined
  );
  return names.find(name => name !== undefined);
}

/** nbformat writes text as one string or as a list of lines. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  return Array.isArray(value) && value.every(line => typeof line === 'string') ? value.join('') : undefined;
}

function imageOf(bundle: Bundle): View | undefined {
  for (const mime of ['image/png', 'image/jpeg']) {
    const data = textOf(bundle[mime])?.replace(/\s+/g, '');
    if (data && /^[A-Za-z0-9+/]+=*$/.test(data)) {
      const size = mime === 'image/png' ? pngSize(data) : undefined;
      return { kind: 'image', mime, src: `data:${mime};base64,${data}`, ...(size && { size }) };
    }
  }
  const svg = textOf(bundle['image/svg+xml']);
  return svg?.includes('<svg')
    ? {
        kind: 'image',
        mime: 'image/svg+xml',
        src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.replace(/\p{Cs}/gu, '\ufffd'))}`
      }
    : undefined;
}

/** A picture's size stands in its first bytes; with it, nothing moves when the picture appears. */
function pngSize(data: string): Size | undefined {
  const head = atob(data.slice(0, 32));
  if (!head.startsWith('\x89PNG') || head.length < 24) {
    return undefined;
  }
  const number = (at: number) => [0, 1, 2, 3].reduce((sum, i) => sum * 256 + head.charCodeAt(at + i), 0);
  const size = { width: number(16), height: number(20) };
  return size.width > 0 && size.height > 0 ? size : undefined;
}
