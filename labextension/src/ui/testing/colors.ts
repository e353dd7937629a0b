/** Colours of a style sheet, computed as a browser does it, and their contrast by WCAG 2. */

export type Color = readonly [r: number, g: number, b: number, alpha: number];
export type Theme = { readonly scheme: 'light' | 'dark'; readonly values: Readonly<Record<string, string>> };

/** The custom properties of the rule with this selector. */
export function declarations(css: string, selector: string): Record<string, string> {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '');
  const found: Record<string, string> = {};
  for (const [, selectors = '', body = ''] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selectors.trim() === selector) {
      for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+)\s*:\s*([^;]+);/g)) {
        found[name] = value.replace(/\s+/g, ' ').trim();
      }
    }
  }
  return found;
}

/** The colour an expression stands for. */
export function color(expression: string, theme: Theme): Color {
  const text = expression.trim();
  const call = /^([\w-]+)\(([\s\S]*)\)$/.exec(text);
  if (!call) {
    return named(text);
  }
  const [, name = '', inside = ''] = call;
  const parts = split(inside);
  switch (name) {
    case 'var': {
      const value = theme.values[parts[0] ?? ''] ?? parts.slice(1).join(', ');
      return color(value, theme);
    }
    case 'light-dark':
      return color(parts[theme.scheme === 'light' ? 0 : 1] ?? '', theme);
    case 'color-mix':
      return mix(parts, theme);
    case 'rgb':
    case 'rgba': {
      const numbers = inside
        .split(/[\s,/]+/)
        .map(part => Number.parseFloat(part) / (part.endsWith('%') ? 100 : 1));
      const [r = 0, g = 0, b = 0, alpha = 1] = numbers;
      return [r, g, b, alpha];
    }
    default:
      throw new Error(`No colour: ${expression}`);
  }
}

/** What is seen of a colour on an opaque ground. */
export function over(top: Color, ground: Color): Color {
  const [alpha] = [top[3]];
  const blend = (i: 0 | 1 | 2) => top[i] * alpha + ground[i] * (1 - alpha);
  return [blend(0), blend(1), blend(2), 1];
}

/** 1 … 21 */
export function contrast(text: Color, ground: Color): number {
  const a = luminance(over(text, ground));
  const b = luminance(ground);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance([r, g, b]: Color): number {
  const linear = (value: number) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function mix(parts: readonly string[], theme: Theme): Color {
  const read = (part = '') => {
    const share = /\s([\d.]+)%$/.exec(part);
    return {
      color: color(part.replace(/\s[\d.]+%$/, ''), theme),
      share: share ? Number(share[1]) / 100 : null
    };
  };
  const [a, b] = [read(parts[1]), read(parts[2])];
  const p = a.share ?? 1 - (b.share ?? 0.5);
  const q = 1 - p;
  const alpha = a.color[3] * p + b.color[3] * q;
  const part = (i: 0 | 1 | 2) =>
    alpha === 0 ? 0 : (a.color[i] * a.color[3] * p + b.color[i] * b.color[3] * q) / alpha;
  return [part(0), part(1), part(2), alpha];
}

function named(text: string): Color {
  if (text === 'transparent') {
    return [0, 0, 0, 0];
  }
  if (text === 'white') {
    return [255, 255, 255, 1];
  }
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text)?.[1];
  if (!hex) {
    throw new Error(`No colour: ${JSON.stringify(text)}`);
  }
  const six = hex.length === 3 ? [...hex].map(digit => digit + digit).join('') : hex;
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map(at => Number.parseInt(six.slice(at, at + 2), 16));
  return [r, g, b, 1];
}

/** Arguments of a function: commas outside of parentheses. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else {
      part += letter;
    }
  }
  return [...parts, part.trim()];
}
