import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { korean } from './korean';
import { languageOf, type Text, translator } from './translate';

const texts = Object.entries(korean) as [Text, string][];
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(found => found[1]).sort();

describe('the Korean texts', () => {
  it('are complete: each has words, and the values of its English text', () => {
    for (const [english, said] of texts) {
      expect(said.trim(), english).not.toBe('');
      expect(names(said), english).toEqual(names(english));
    }
  });

  it('are Korean, but for texts that are only a figure', () => {
    const foreign = texts.filter(
      ([, said]) => !/[가-힣]/.test(said) && !/^\{\w+\}\S{0,2}$|^\{done\}/.test(said)
    );
    expect(foreign.map(([english]) => english)).toEqual([]);
  });

  it('are polite and plain: no 당신, no exclamation, no 합니다', () => {
    for (const [english, said] of texts) {
      expect(said, english).not.toMatch(/당신|!|습니다|합니다/);
    }
  });
});

it('every text is said somewhere', () => {
  const source = sources(new URL('../', import.meta.url)).join('\n');
  const said = (text: string) =>
    [`'${text.replace(/'/g, "\\'")}'`, `"${text}"`].some(written => source.includes(written));
  expect(texts.map(([english]) => english).filter(english => !said(english))).toEqual([]);
});

function sources(folder: URL): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const url = new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, folder);
    if (entry.isDirectory()) {
      return ['i18n', 'protocol', 'testing'].includes(entry.name) ? [] : sources(url);
    }
    return /(?<!\.spec)\.tsx?$/.test(entry.name) ? [readFileSync(url, 'utf8')] : [];
  });
}

describe('translator', () => {
  it('says English as it is written and Korean from the table, with the values in their places', () => {
    expect(translator('en')('Profile {file}', { file: 'sales.csv' })).toBe('Profile sales.csv');
    expect(translator('ko')('Profile {file}', { file: 'sales.csv' })).toBe('sales.csv 살펴보기');
  });

  it('writes numbers as the language does, and leaves a value alone that looks like a text', () => {
    expect(translator('en')('{n} tokens', { n: 12345 })).toBe('12,345 tokens');
    expect(translator('ko')('Profile {file}', { file: '{file}$1' })).toBe('{file}$1 살펴보기');
  });

  it('knows Korean by its locale in any spelling, and takes English for what it does not have', () => {
    expect(['ko', 'ko-KR', 'ko_KR'].map(languageOf)).toEqual(['ko', 'ko', 'ko']);
    expect(['en', 'de-DE', 'kok', '', undefined].map(languageOf)).toEqual(['en', 'en', 'en', 'en', 'en']);
  });
});
