/**
 * TeX in Markdown, as models write it: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`; rendered as MathML, without fonts or scripts.
 *
 * Money is no mathematics: a `$` opens only before and closes only behind something that is no space, never next to a letter
 * or digit outside, and what begins with an amount followed by a word ("5 of them, or 10") is text.
 */
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import temml from 'temml';
import { escapeHtml } from './highlight';

/** Longest formula in characters. */
const MAX_INLINE = 2_000;
const MAX_BLOCK = 20_000;

const AMOUNT = /^\d[\d.,]*\s*(?:[KkMB]\b)?[,;:]?\s+\p{L}{2,}/u;

export function mathPlugin(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'math', inline);
  md.block.ruler.before('fence', 'math', block, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  md.renderer.rules.math = (tokens, index) => {
    const token = tokens[index];
    if (!token?.block) {
      return render(token?.content ?? '', false);
    }
    const html = render(token.content, true);
    // A paragraph cannot hold a div
    return token.map
      ? `<div class="aichat-math">${html}</div>\n`
      : `<span class="aichat-math">${html}</span>`;
  };
  md.renderer.rules.math_growing = (tokens, index) =>
    `<pre class="aichat-math-source">${escapeHtml(tokens[index]?.content ?? '')}</pre>\n`;
}

function render(tex: string, displayMode: boolean): string {
  return temml.renderToString(tex, {
    displayMode,
    throwOnError: false,
    trust: false, // no links, images, classes or ids from a formula
    maxSize: [20, 20],
    maxExpand: 500
  });
}

function inline(state: StateInline, silent: boolean): boolean {
  const found = formulaAt(state.src, state.pos);
  if (!found) {
    return false;
  }
  if (!silent) {
    const token = state.push('math', 'math', 0);
    token.content = found.tex;
    token.block = found.display;
  }
  state.pos = found.end;
  return true;
}

function formulaAt(text: string, at: number): { tex: string; display: boolean; end: number } | undefined {
  const two = text.slice(at, at + 2);
  if (two === '\\(' || two === '\\[') {
    return between(text, at + 2, two === '\\(' ? '\\)' : '\\]', two === '\\[');
  }
  if (two === '$$') {
    return between(text, at + 2, '$$', true);
  }
  if (two[0] !== '$' || /[\w$]/.test(text[at - 1] ?? '') || /\s/.test(two[1] ?? ' ')) {
    return undefined;
  }
  const last = Math.min(text.length, at + MAX_INLINE);
  for (let end = at + 2; end < last; end++) {
    if (text[end] === '\\') {
      end++;
    } else if (text[end] === '$') {
      const tex = text.slice(at + 1, end);
      const closes = !/\s/.test(text[end - 1] ?? ' ') && !/[A-Za-z0-9$]/.test(text[end + 1] ?? '');
      if (closes) {
        return AMOUNT.test(tex) ? undefined : { tex, display: false, end: end + 1 };
      }
    }
  }
  return undefined;
}

function between(text: string, from: number, close: string, display: boolean) {
  const end = text.slice(from, from + MAX_INLINE).indexOf(close);
  const tex = text.slice(from, from + end);
  return end <= 0 || tex.trim() === '' ? undefined : { tex, display, end: from + end + close.length };
}

/** A formula on lines of its own. As in TeX, no empty line is in it; what looks like a list there is none. */
function block(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const first = line(state, start);
  const close = first.startsWith('$$') ? '$$' : first.startsWith('\\[') ? '\\]' : undefined;
  if (close === undefined || (state.sCount[start] ?? 0) - state.blkIndent >= 4) {
    return false;
  }
  let last = start;
  let text = first.slice(2);
  while (!text.trimEnd().endsWith(close)) {
    last++;
    const outside = last >= end || state.isEmpty(last) || (state.sCount[last] ?? 0) < state.blkIndent;
    if (outside || text.length > MAX_BLOCK) {
      const open = last >= end && state.env.growing === true && !text.includes(close);
      return open && keepOpen(state, start, end, silent);
    }
    text += `\n${line(state, last)}`;
  }
  const tex = text.trimEnd().slice(0, -2).trim();
  if (tex === '' || tex.includes(close)) {
    return false;
  }
  if (!silent) {
    const token = state.push('math', 'math', 0);
    token.block = true;
    token.content = tex;
    token.map = [start, last + 1];
    state.line = last + 1;
  }
  return true;
}

/** The end may still come: until then all of it is one block, shown as it is written. */
function keepOpen(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (!silent) {
    const token = state.push('math_growing', 'pre', 0);
    token.block = true;
    token.content = state.getLines(start, end, state.blkIndent, false);
    token.map = [start, end];
    state.line = end;
  }
  return true;
}

function line(state: StateBlock, number: number): string {
  const from = (state.bMarks[number] ?? 0) + (state.tShift[number] ?? 0);
  return state.src.slice(from, state.eMarks[number]);
}
