/** The languages of the user interface. English texts are the keys, so the code reads as the screen does. */
import { korean } from './korean';

export type Language = 'en' | 'ko';

/** An English text of the interface; what stands in braces is a value. */
export type Text = keyof typeof korean;

type Names<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The values a text asks for; the compiler demands all of them. */
export type Values<T extends string> = [Names<T>] extends [never]
  ? []
  : [values: Readonly<Record<Names<T>, string | number>>];

/** Says a text in the reader's language. Numbers are written as that language writes them. */
export interface Translate {
  <T extends Text>(text: T, ...values: Values<T>): string;
  readonly language: Language;
}

/** The language we have for a locale like "ko-KR", "ko_KR" or "en"; English where we don't have it. */
export function languageOf(locale: string | undefined): Language {
  return /^ko\b/i.test((locale ?? '').replace('_', '-')) ? 'ko' : 'en';
}

/** The texts of one language. */
export function translator(language: Language): Translate {
  const numbers = new Intl.NumberFormat(language);
  const say = (text: Text, values: Readonly<Record<string, string | number>> = {}): string => {
    const found: string = language === 'ko' ? korean[text] : text;
    return found.replace(/\{(\w+)\}/g, (braces, name: string) => {
      const value = values[name];
      return value === undefined ? braces : typeof value === 'number' ? numbers.format(value) : value;
    });
  };
  return Object.assign(say, { language }) as Translate;
}
