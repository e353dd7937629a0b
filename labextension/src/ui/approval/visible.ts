/** Code as it must be read before it is approved: nothing in it is hidden, nothing stands in another order than it runs. */

/** Controls, marks of direction, spaces that are no space, letters without a shape. Tab, line feed and space are none of them. */
const UNSEEN =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them alone is meant
  /(?![\t\n ])(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]|\u034f)/gu;

/** Part of how an emoji is written. */
const EMOJI_JOINT = /^[\u200d\ufe0f]$/;
const EMOJI = /\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}]?\ufe0f?$/u;

/** Every character that a reader would not see is written out: ⟨U+202E⟩. */
export function visible(text: string): string {
  return replaceUnseen(text, character => `⟨U+${codeOf(character)}⟩`);
}

/** The same text without what a reader would not see; a space stays a space. */
export function plain(text: string): string {
  return replaceUnseen(text, character => (/\p{Zs}/u.test(character) ? ' ' : ''));
}

/** How `visible` writes them. */
export const WRITTEN_OUT = /⟨U\+[\dA-F]{4,6}⟩/g;

function replaceUnseen(text: string, by: (character: string) => string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(UNSEEN, (character, at: number, all: string) =>
      EMOJI_JOINT.test(character) && EMOJI.test(all.slice(Math.max(0, at - 8), at))
        ? character
        : by(character)
    );
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

const BLANK_LINES = 8;
const SPACES = 60;

/** Is there a gap so long that what stands behind it may be overlooked? */
export function hasLongGap(text: string): boolean {
  return new RegExp(`(?:\\n[ \\t]*){${BLANK_LINES + 1}}\\S|[ \\t]{${SPACES}}[^ \\t\\n]`).test(plain(text));
}

export function linesOf(text: string): readonly string[] {
  return text.replace(/\n+$/, '').split('\n');
}
