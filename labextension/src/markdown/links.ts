/**
 * Links and images of a text that nobody vouches for. Links go to the web or to mail, in a new tab; where a link's text names
 * another host than the one it leads to, the real one stands behind it. Images are never fetched (an address can carry data
 * away): they become links. A relative path is a file of the server, marked for who can open one.
 */
import type { MarkdownIt, StateCore, Token } from 'markdown-it';

const WEB = /^https?:\/\/[^/]/i;
const MAIL = /^mailto:[^@\s]+@[^@\s]+$/i;
/** No scheme, no host, no root, no query: `data/sales.csv`. */
const PATH = /^(?![/\\?#])[^:?#\\]+$/;
/** What a reader takes for a host. */
const HOST = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}/u;

/** A host has at most 253 characters. */
const MAX_NAME = 300;

export function linkPlugin(md: MarkdownIt): void {
  md.validateLink = url => WEB.test(url) || MAIL.test(url) || (PATH.test(url) && PATH.test(decoded(url)));
  // Only what has a scheme: "sales.md" and "10.5" are no addresses
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  for (const scheme of ['ftp:', '//', 'mailto:']) {
    md.linkify.add(scheme, null);
  }
  for (const scheme of ['http:', 'https:']) {
    md.linkify.add(scheme, {
      validate: (text, at, self) => {
        const validator = self.re.get_http_validator();
        validator.lastIndex = at;
        const found = validator.exec(text)?.[0] ?? '';
        // "https://jupyter.org에서": the particle is no part of the host
        return (/^\/\/[a-z0-9.-]+\.[a-z]+(?=\p{Script=Hangul})/iu.exec(found)?.[0] ?? found).length;
      }
    });
  }
  md.core.ruler.push('links', state => {
    for (const token of state.tokens) {
      if (token.children) {
        token.children = rewrite(withoutImages(token.children, state));
      }
    }
  });
}

function withoutImages(tokens: Token[], state: StateCore): Token[] {
  if (!tokens.some(token => token.type === 'image')) {
    return tokens;
  }
  let inLink = 0;
  return tokens.flatMap(token => {
    inLink += token.type === 'link_open' ? 1 : token.type === 'link_close' ? -1 : 0;
    if (token.type !== 'image') {
      return [token];
    }
    const address = String(token.attrGet('src') ?? '');
    const text = new state.Token('text', '', 0);
    text.content = token.content.trim() || address;
    if (inLink > 0) {
      return [text];
    }
    const open = new state.Token('link_open', 'a', 1);
    open.attrSet('href', address);
    return [open, text, new state.Token('link_close', 'a', -1)];
  });
}

/** Links do not nest, so each `link_open` goes with the next `link_close`. */
function rewrite(tokens: Token[]): Token[] {
  let open: Token | undefined;
  let text = '';
  for (const token of tokens) {
    if (token.type === 'link_open') {
      open = token;
      text = '';
    } else if (token.type === 'link_close' && open) {
      close(open, token, text);
      open = undefined;
    } else if (open) {
      text += token.content;
    }
  }
  return tokens;
}

function close(open: Token, end: Token, text: string): void {
  const href = String(open.attrGet('href') ?? '');
  if (!WEB.test(href) && !MAIL.test(href)) {
    open.tag = end.tag = 'span';
    open.attrs = [
      ['class', 'aichat-path'],
      ['data-path', decoded(href)]
    ];
    return;
  }
  open.attrs = [
    ['href', href],
    ['title', href],
    ['target', '_blank'],
    ['rel', 'noopener noreferrer']
  ];
  const host = deceiving(text, href);
  if (host !== undefined) {
    end.meta = { host };
  }
}

/** The host that a link leads to, if its text names another one or could be read as another one. */
function deceiving(text: string, href: string): string | undefined {
  const named = HOST.exec(text.slice(0, MAX_NAME))?.[0];
  let host: string;
  try {
    const url = new URL(href);
    host = url.host || url.pathname.slice(url.pathname.lastIndexOf('@') + 1);
  } catch {
    return named === undefined ? undefined : href;
  }
  if (host.includes('xn--')) {
    return host; // letters of other scripts that look like these
  }
  const bare = (name: string) =>
    name
      .toLowerCase()
      .replace(/^www\./, '')
      .replace(/:\d+$/, '');
  return named === undefined || bare(named) === bare(host) ? undefined : host;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
