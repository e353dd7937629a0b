/** Copying and downloading what an artifact shows. */
import { copyText } from '../clipboard';
import type { View } from './bundle';
import { toCsv, toTsv } from './table-data';

/** Whether it worked. */
export async function copyView(view: View): Promise<boolean> {
  switch (view.kind) {
    case 'image':
      return copyImage(view.src, view.mime);
    case 'table':
      return copyText(toTsv(view.table));
    case 'none':
      return false;
    default:
      return copyText(view.text);
  }
}

async function copyImage(src: string, mime: string): Promise<boolean> {
  try {
    // Browsers take pictures as PNG alone; of an SVG, its text is of use
    if (mime === 'image/svg+xml') {
      return await copyText(decodeURIComponent(src.slice(src.indexOf(',') + 1)));
    }
    const png = mime === 'image/png' ? blobOf(src, mime) : await asPng(src);
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    return true;
  } catch {
    return false; // no permission, or plain http
  }
}

async function asPng(src: string): Promise<Blob> {
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  return new Promise((done, failed) =>
    canvas.toBlob(blob => (blob ? done(blob) : failed(new Error('no picture'))))
  );
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg'
};

/** The file of a view: its name's ending and what is in it. */
export function fileOf(view: View): { readonly ending: string; readonly content: Blob } | undefined {
  switch (view.kind) {
    case 'image':
      return { ending: ENDINGS[view.mime] ?? 'bin', content: blobOf(view.src, view.mime) };
    case 'table':
      return { ending: 'csv', content: new Blob([toCsv(view.table)], { type: 'text/csv;charset=utf-8' }) };
    case 'none':
      return undefined;
    default: {
      const [ending, type] = view.kind === 'markdown' ? ['md', 'text/markdown'] : ['txt', 'text/plain'];
      return { ending, content: new Blob([view.text], { type: `${type};charset=utf-8` }) };
    }
  }
}

export function download(view: View, name: string, page: Document): void {
  const file = fileOf(view);
  if (!file) {
    return;
  }
  const link = page.createElement('a');
  link.href = URL.createObjectURL(file.content);
  link.download = `${name.replace(/[\\/:*?"<>|\s\p{Cc}\p{Cf}]+/gu, ' ').trim() || 'result'}.${file.ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function blobOf(src: string, type: string): Blob {
  const comma = src.indexOf(',');
  const data = src.slice(comma + 1);
  return src.slice(0, comma).endsWith(';base64')
    ? new Blob([Uint8Array.from(atob(data), letter => letter.charCodeAt(0))], { type })
    : new Blob([decodeURIComponent(data)], { type });
}
