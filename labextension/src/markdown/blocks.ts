/**
 * A text that grows, as a list of blocks. Only what is behind the last finished block is read again, so an update costs what
 * that block costs, and a finished block stays the same object.
 *
 * A block is finished when another one has begun on a *complete* line: what an unfinished line will be is not known yet
 * ("2" behind a list may become "2." and belong to it).
 */
import type { Token } from 'markdown-it';
import { GrowingCode, highlight } from './highlight';
import { languageOf, md } from './parser';

/** Something to show as it is; needs no sanitizer. */
export interface HtmlBlock {
  readonly kind: 'html';
  readonly key: string;
  readonly html: string;
}

/** Code of its own, for a toolbar. */
export interface CodeBlock {
  readonly kind: 'code';
  readonly key: string;
  /** As it was named, in small letters; "" if it was not. */
  readonly language: string;
  /** The code itself, without the newline at its end. */
  readonly source: string;
  /** The same as HTML, coloured. */
  readonly html: string;
  /** False while more of it may come. */
  readonly closed: boolean;
}

/** `key` is the block's place, which it keeps while the text grows. */
export type Block = HtmlBlock | CodeBlock;

/** A label and a colon: a link somewhere else in the text may need it. */
const DEFINITION = /^ {0,3}\[[^\]\n]+\]:/m;

/** The blocks of a whole text. */
export function renderBlocks(text: string): readonly Block[] {
  return new BlockSplitter().update(text, true);
}

/** The blocks of one text that grows. */
export class BlockSplitter {
  /** All blocks of the last update; the first `finished` of them do not change any more. */
  private blocks: readonly Block[] = [];
  private finished = 0;
  /** Where the rest begins, and what it was; `undefined` if nothing was read. */
  private start = 0;
  private rest: string | undefined;
  private done = false;
  private hasDefinitions = false;
  private readonly code = new GrowingCode();

  /**
   * The blocks of the text so far; the same list if nothing is new. `done`: nothing comes any more; then links that are
   * defined elsewhere in the text are resolved, too.
   */
  update(text: string, done = false): readonly Block[] {
    if (this.rest !== undefined && !text.startsWith(this.rest, this.start)) {
      this.startOver(); // it is another text
    }
    const rest = text.slice(this.start);
    if (rest === this.rest && done === this.done) {
      return this.blocks;
    }
    this.hasDefinitions ||= DEFINITION.test(rest);
    if (done && this.hasDefinitions) {
      this.startOver();
    }
    this.done = done;
    this.read(text.slice(this.start));
    return this.blocks;
  }

  private startOver(): void {
    this.finished = this.start = 0;
    this.rest = undefined;
    this.hasDefinitions = false;
  }

  private read(rest: string): void {
    const env = { growing: !this.done };
    const groups = grouped(md.parse(rest, env));
    const read = groups.map((group, i) => this.block(group, i, i < groups.length - 1, env));
    this.blocks = [...this.blocks.slice(0, this.finished), ...read];
    const lines = lineStarts(rest);
    const unfinished = groups.findLastIndex(({ line }) => line < lines.length - 1);
    const at = unfinished > 0 && !this.done ? lines[groups[unfinished]?.line ?? 0] : undefined;
    this.rest = rest;
    if (at !== undefined) {
      this.finished += unfinished;
      this.start += at;
      this.rest = rest.slice(at);
    }
  }

  private block({ tokens }: Group, index: number, followed: boolean, env: { growing: boolean }): Block {
    const key = String(this.finished + index);
    const [token] = tokens;
    if (token?.type !== 'fence' && token?.type !== 'code_block') {
      return this.known({ kind: 'html', key, html: md.renderer.render(tokens, md.options, env) });
    }
    const language = languageOf(token);
    const source = token.content.replace(/\n$/, '');
    const closed = followed || !env.growing || isClosed(token);
    const html = closed ? highlight(source, language) : this.code.highlight(source, language);
    return this.known({ kind: 'code', key, language, source, html, closed });
  }

  /** The block that was there before, if it is the same. */
  private known(block: Block): Block {
    const before = this.blocks[Number(block.key)];
    const same =
      before?.html === block.html &&
      (block.kind === 'code'
        ? before.kind === 'code' &&
          before.closed === block.closed &&
          before.source === block.source &&
          before.language === block.language
        : before.kind === 'html');
    return same ? before : block;
  }
}

/** A top-level block: its tokens, and the line it begins on. */
interface Group {
  readonly line: number;
  readonly tokens: Token[];
}

function grouped(tokens: readonly Token[]): Group[] {
  const groups: Group[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) {
      groups.push({ line: token.map?.[0] ?? 0, tokens: [] });
    }
    groups.at(-1)?.tokens.push(token);
    depth += token.nesting;
  }
  return groups;
}

/** Where each line begins; the last one has no end yet. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) {
    starts.push(index + end.length);
  }
  return starts;
}

/** Has the fence its end? Its lines are those of the code, the one that opens it, and the one that closes it. */
function isClosed({ type, content, map }: Token): boolean {
  if (type !== 'fence' || !map || !(content === '' || content.endsWith('\n'))) {
    return false;
  }
  const lines = content.split('\n').length - 1;
  return map[1] - map[0] === lines + 2;
}
