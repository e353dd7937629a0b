/** Times and durations, as a person reads them. */
import type { Translate } from '../../i18n/translate';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "0:14", "12:03", "1:02:03": a clock that runs. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / HOUR), Math.floor((seconds % HOUR) / MINUTE), seconds % MINUTE];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "40 ms", "1.2 s", "18 s", "2 min 5 s": how long something took. */
export function duration(ms: number, t: Translate): string {
  if (ms < 95) {
    return t('{n} ms', { n: Math.round(ms) });
  }
  const seconds = ms / 1000;
  if (seconds < 60) {
    return t('{n} s', { n: seconds < 9.95 ? Math.round(seconds * 10) / 10 : Math.round(seconds) });
  }
  const whole = Math.round(seconds);
  return t('{m} min {s} s', { m: Math.floor(whole / MINUTE), s: whole % MINUTE });
}

/** "now", "5 min ago", "yesterday", "Nov 3": when a thread was last used. */
export function relativeTime(iso: string, now: number, t: Translate): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) {
    return '';
  }
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < MINUTE) {
    return t('now');
  }
  const words = new Intl.RelativeTimeFormat(t.language, { numeric: 'auto', style: 'short' });
  if (seconds < HOUR) {
    return words.format(-Math.floor(seconds / MINUTE), 'minute');
  }
  if (seconds < DAY) {
    return words.format(-Math.floor(seconds / HOUR), 'hour');
  }
  if (seconds < 7 * DAY) {
    return words.format(-Math.floor(seconds / DAY), 'day');
  }
  const sameYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(t.language, {
    year: sameYear ? undefined : 'numeric',
    month: 'short',
    day: 'numeric'
  }).format(then);
}

/** The time of day of a message; with the date if it is not today's. */
export function timeOfDay(iso: string, now: number, t: Translate): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) {
    return '';
  }
  const today = then.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(t.language, {
    ...(today ? {} : { month: 'short', day: 'numeric' }),
    hour: 'numeric',
    minute: '2-digit'
  }).format(then);
}

/** "1st", "2nd", "3rd"; Korean takes the bare number. */
export function ordinal(n: number, t: Translate): string {
  if (t.language === 'ko') {
    return String(n);
  }
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(n);
  return `${n}${{ one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[rule]}`;
}
