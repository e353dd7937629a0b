import { describe, expect, it } from 'vitest';
import { interactiveKind, viewOf } from './bundle';
import { TABLE_MIME } from './table-data';

/** A PNG's first bytes: 640 × 380. */
const PNG = btoa('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\x7c\x08\x06');
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('a bundle is shown', () => {
  it('as a table before anything else, and as a picture before any text', () => {
    const all = { [TABLE_MIME]: { columns: [], rows: [] }, 'image/png': PNG, 'text/plain': 'x' };
    expect(viewOf(all).kind).toBe('table');
    expect(viewOf({ ...all, [TABLE_MIME]: 'nonsense' }).kind).toBe('image');
    expect(viewOf({ 'text/plain': 'x', 'text/markdown': '# x', 'text/html': '<b>x</b>' })).toEqual({
      kind: 'markdown',
      text: '# x'
    });
  });

  it('with the size of a PNG known before it is drawn', () => {
    const split = `${PNG.slice(0, 10)}\n${PNG.slice(10)}\n`;
    expect(viewOf({ 'image/png': split })).toEqual({
      kind: 'image',
      mime: 'image/png',
      src: `data:image/png;base64,${PNG}`,
      size: { width: 640, height: 380 }
    });
    expect(viewOf({ 'image/png': btoa('no picture at all, but long enough') })).not.toHaveProperty('size');
    expect(viewOf({ 'image/jpeg': btoa('jpeg') })).toMatchObject({ src: 'data:image/jpeg;base64,anBlZw==' });
  });

  it('an SVG only as a picture, in which nothing runs', () => {
    const view = viewOf({ 'image/svg+xml': [SVG, '\n'] });
    expect(view).toMatchObject({ kind: 'image', mime: 'image/svg+xml' });
    expect(view.kind === 'image' && view.src).toMatch(/^data:image\/svg\+xml;charset=utf-8,%3Csvg/);
    expect(view.kind === 'image' && view.src).not.toMatch(/[<>"]/);
    expect(viewOf({ 'image/svg+xml': '<svg>\ud800</svg>' }).kind).toBe('image');
  });

  it('HTML only where there is nothing else', () => {
    expect(viewOf({ 'text/html': '<b>x</b>', 'text/plain': 'x' })).toEqual({ kind: 'text', text: 'x' });
    expect(viewOf({ 'text/html': '<b>x</b>' })).toEqual({ kind: 'html', text: '<b>x</b>' });
  });

  it('as nothing, if it is nothing known or not what it says: then its types are named', () => {
    expect(viewOf({ 'image/png': 'javascript:alert(1)', 'application/x-onnx': 1 })).toEqual({
      kind: 'none',
      mimes: ['image/png', 'application/x-onnx']
    });
    expect(viewOf({})).toEqual({ kind: 'none', mimes: [] });
  });
});

it('charts that are drawn in the browser are known', () => {
  expect(interactiveKind({ 'application/vnd.plotly.v1+json': {} })).toBe('Plotly');
  expect(interactiveKind({ 'image/png': '', 'application/vnd.vegalite.v5+json': {} })).toBe('Vega');
  expect(interactiveKind({ 'image/png': '' })).toBeUndefined();
});
