/** The contrasts that the design promises, recomputed from style/tokens.css on the themes of JupyterLab 4.6.6. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { color, contrast, declarations, type Theme } from './testing/colors';

const css = readFileSync(new URL('../../style/tokens.css', import.meta.url), 'utf8');
const tokens = declarations(css, '.aichat');

const LAB_LIGHT = {
  '--jp-layout-color1': 'white',
  '--jp-ui-font-color0': '#000',
  '--jp-content-font-color1': 'rgba(0, 0, 0, .87)',
  '--jp-content-link-color': '#0d47a1',
  '--jp-border-color2': '#e0e0e0',
  '--jp-brand-color1': '#1976d2',
  '--jp-success-color0': '#1b5e20',
  '--jp-success-color2': '#81c784',
  '--jp-error-color0': '#b71c1c',
  '--jp-error-color2': '#e57373',
  '--jp-warn-color2': '#ffb74d',
  '--jp-accept-color-normal': '#1976d2',
  '--jp-accept-color-hover': '#1565c0',
  '--jp-warn-color-normal': '#d32f2f'
};
const LAB_DARK = {
  ...LAB_LIGHT,
  '--jp-layout-color1': '#212121',
  '--jp-ui-font-color0': '#fff',
  '--jp-content-font-color1': '#fff',
  '--jp-content-link-color': '#64b5f6',
  '--jp-border-color2': '#424242',
  '--jp-brand-color1': '#2196f3',
  '--jp-success-color0': '#388e3c',
  '--jp-error-color0': '#d32f2f'
};

const THEMES: Record<string, Theme> = {
  light: { scheme: 'light', values: { ...LAB_LIGHT, ...tokens } },
  dark: { scheme: 'dark', values: { ...LAB_DARK, ...tokens } },
  'light, without Lab': { scheme: 'light', values: tokens },
  'dark, without Lab': { scheme: 'dark', values: tokens }
};

const TEXT = ['ink', 'ink2', 'link', 'ok', 'bad', 'warn'];
const AGENTS = ['supervisor', 'analyst', 'visualizer', 'researcher', 'coder', 'writer'];
const CODE = ['comment', 'keyword', 'string', 'number', 'builtin'];

describe.each(Object.entries(THEMES))('%s', (_, theme) => {
  const read = (name: string) => color(`var(--aichat-${name})`, theme);
  const on = (text: string, ground: string) => contrast(read(text), read(ground));
  const tint = (agent: string) =>
    color(
      `color-mix(in srgb, var(--aichat-${agent}) ${theme.scheme === 'light' ? 8 : 12}%, var(--aichat-bg))`,
      theme
    );

  it.each(TEXT)('%s can be read on the ground and on code', name => {
    expect(on(name, 'bg')).toBeGreaterThanOrEqual(4.5);
    expect(on(name, 'sunken')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['ink', 'ink2', 'link', 'warn'])('%s can be read on the message of the person', name => {
    expect(on(name, 'user')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(AGENTS)("%s's name and mark can be read on the ground, on code and on their own tint", agent => {
    expect(on(agent, 'bg')).toBeGreaterThanOrEqual(4.5);
    expect(on(agent, 'sunken')).toBeGreaterThanOrEqual(4.5);
    expect(contrast(read(agent), tint(agent))).toBeGreaterThanOrEqual(4.45); // the table says 4.5 and rounds
    expect(contrast(read('bg'), read(agent))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(CODE)('%s can be read in code', part => {
    expect(on(`code-${part}`, 'sunken')).toBeGreaterThanOrEqual(4.8);
  });

  it('buttons can be read, and edges and the focus ring can be seen', () => {
    expect(on('on-button', 'accept')).toBeGreaterThanOrEqual(4.5);
    expect(on('on-button', 'accept-hover')).toBeGreaterThanOrEqual(4.5);
    expect(on('on-button', 'danger')).toBeGreaterThanOrEqual(4.5);
    expect(on('edge', 'bg')).toBeGreaterThanOrEqual(3);
    expect(on('edge', 'user')).toBeGreaterThanOrEqual(3);
    expect(on('focus', 'bg')).toBeGreaterThanOrEqual(3);
  });
});

describe('the table of the design', () => {
  const figures = (theme: Theme) =>
    AGENTS.map(agent => {
      const read = (name: string) => color(`var(--aichat-${name})`, theme);
      return Math.round(contrast(read(agent), read('bg')) * 10) / 10;
    });

  it('is what the sheet says, on light', () => {
    expect(figures(THEMES.light as Theme)).toEqual([6.4, 5.2, 5.6, 5.4, 9.9, 11.7]);
  });

  it('is what the sheet says, on dark', () => {
    expect(figures(THEMES.dark as Theme)).toEqual([8.5, 7.9, 8.4, 10.4, 5.4, 5.4]);
  });
});

it('names a colour in no other sheet', () => {
  const sheets = [
    'layout',
    'controls',
    'conversation',
    'cards',
    'approval',
    'artifact',
    'composer',
    'threads',
    'contrast',
    'markdown'
  ];
  for (const sheet of sheets) {
    const text = readFileSync(new URL(`../../style/${sheet}.css`, import.meta.url), 'utf8');
    const plain = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/#000 calc|, #000\)/g, ''); // a mask, a darker hover
    expect(plain.match(/#[\da-f]{3,8}\b|\brgba?\(|\bhsl|--jp-[\w-]*color/gi) ?? [], sheet).toEqual([]);
  }
});
