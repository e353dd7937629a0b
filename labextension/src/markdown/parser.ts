/**
 * Markdown → HTML that needs no sanitizer: no raw HTML gets through (`html: false`), links are checked, images are not
 * fetched, formulas cannot refer to anything. Whatever is not listed here stands as text.
 */
import MarkdownIt, { type StateCore, type Token } from 'markdown-it';
import { escapeHtml, highlight } from './highlight';
import { linkPlugin } from './links';
import { mathPlugin } from './math';

/** A longer paragraph or cell, in characters, is not looked into: some of what may be in it takes quadratic time. */
export const MAX_PARAGRAPH = 8_000;

const PLAIN = 'plain';

export const md = new MarkdownIt({ html: false, linkify: true }).use(mathPlugin).use(linkPlugin);

md.core.ruler.before('inline', 'limit', state => {
  for (const token of state.tokens) {
    if (token.type === 'inline' && token.content.length > MAX_PARAGRAPH) {
      const text = new state.Token('text', '', 0);
      text.content = token.content;
      token.children = [text];
      token.type = PLAIN; // nobody looks into it …
    }
  }
});
md.core.ruler.push('unlimit', state => {
  for (const token of state.tokens) {
    if (token.type === PLAIN) {
      token.type = 'inline'; // … until it is rendered
    }
  }
});

// Order of what is written must be what is read: these characters turn it round
md.core.ruler.before('normalize', 'direction', state => {
  state.src = state.src.replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
});

md.core.ruler.push('tasks', tasks);
md.renderer.rules.task = (tokens, index) =>
  `<input type="checkbox" class="aichat-task" disabled${tokens[index]?.content === 'x' ? ' checked' : ''}>`;

md.renderer.rules.link_close = (tokens, index) => {
  const token = tokens[index];
  const host = token?.meta?.host;
  const real = typeof host === 'string' ? ` <span class="aichat-link-host">(${escapeHtml(host)})</span>` : '';
  return `</${token?.tag ?? 'a'}>${real}`;
};
md.renderer.rules.table_open = () => '<div class="aichat-table"><table>\n';
md.renderer.rules.table_close = () => '</table></div>\n';
// Only code inside of lists and quotes: the rest are blocks of their own
md.renderer.rules.fence = md.renderer.rules.code_block = (tokens, index) => {
  const token = tokens[index];
  const language = token ? languageOf(token) : '';
  const code = highlight(token?.content ?? '', language);
  return `<pre class="aichat-code-nested" data-language="${escapeHtml(language)}"><code>${code}</code></pre>\n`;
};

/** The language that a fence names, "" if it names none. */
export function languageOf({ info }: Token): string {
  return /^[^\s{,]*/.exec(info.trim())?.[0].toLowerCase() ?? '';
}

/** "[ ] " and "[x] " at the beginning of a list item. */
function tasks(state: StateCore): void {
  const { tokens } = state;
  tokens.forEach((token, i) => {
    const first = token.children?.[0];
    const mark = first?.type === 'text' ? /^\[([ xX])\]\s/.exec(first.content) : null;
    if (
      first &&
      mark &&
      tokens[i - 1]?.type === 'paragraph_open' &&
      tokens[i - 2]?.type === 'list_item_open'
    ) {
      const task = new state.Token('task', 'input', 0);
      task.content = mark[1] === ' ' ? '' : 'x';
      first.content = ` ${first.content.slice(mark[0].length)}`;
      token.children?.unshift(task);
    }
  });
}

const CJK = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * Emphasis next to Korean, Chinese and Japanese, which set no space between a word and its particle: CommonMark would leave
 * the stars of `**매출(원)**은` standing, because a bracket stands before them and a letter behind.
 */
md.inline.State = class extends md.inline.State {
  override scanDelims(start: number, canSplitWord: boolean) {
    const found = super.scanDelims(start, canSplitWord);
    if (!canSplitWord) {
      return found;
    }
    const before = this.src[start - 1] ?? ' ';
    const after = this.src[start + found.length] ?? ' ';
    return {
      ...found,
      can_open: found.can_open || (CJK.test(before) && !/\s/.test(after)),
      can_close: found.can_close || (CJK.test(after) && !/\s/.test(before))
    };
  }
};
