import { describe, expect, it } from 'vitest';
import { renderBlocks } from './blocks';

function html(text: string): string {
  return renderBlocks(text)
    .map(block => block.html)
    .join('');
}

describe('a formula', () => {
  it.each([
    '$x^2$',
    '\\(x^2\\)',
    '값은 $x^2$입니다',
    '($x^2$)',
    '**$x^2$**',
    '$x^2$, $y$.',
    '$2 x + 1$',
    '$5$'
  ])('in the text: %s', text => {
    expect(html(text)).toContain('<math>');
  });

  it.each(['$$x^2$$', '\\[x^2\\]', '$$\nx^2\n$$', '\\[\nx^2\n\\]', 'Then\n$$\nx\n$$\nso', '$$ x $$  '])(
    'on its own: %s',
    text => {
      expect(html(text)).toMatch(/<div class="aichat-math"><math display="block"/);
    }
  );

  it('may hold what looks like a list, a quote or a heading', () => {
    const formula = html('$$\na\n- b\n+ c\n> d\n= e\n$$');
    expect(formula).not.toMatch(/<ul>|<blockquote>|<h1>/);
    expect(formula.match(/<math/g)).toHaveLength(1);
  });

  it('stands in a paragraph as what a paragraph may hold', () => {
    expect(html('so $$x$$ is')).toMatch(
      /^<p>so <span class="aichat-math"><math display="block".*<\/span> is<\/p>\n$/
    );
  });

  it('stays in its list item', () => {
    expect(html('- a\n\n  $$\n  x\n  $$\n\n- b')).toMatch(
      /<li>[\s\S]*<div class="aichat-math">[\s\S]*<\/li>\n<li>/
    );
  });

  it('that is wrong shows itself', () => {
    expect(html('$\\frac{$')).toContain('temml-error');
  });
});

describe('money and variables are none:', () => {
  it.each([
    '$5 and $10',
    '$5-$10',
    'between $1,000 and $2,000.',
    'It cost $5, or 10$ with tax',
    'He paid $100K for it and lost 5$.',
    '$HOME and $PATH',
    '$HOME/$PATH',
    'df$price and df$cost',
    'a $ b $ c',
    '\\$x\\$',
    '`$x$`',
    '$$',
    '$$ $$',
    '$x',
    '$$x',
    '\\(x',
    'US$5 and US$6'
  ])('%s', text => {
    expect(html(text)).not.toContain('<math');
  });

  it('an unfinished formula, which leaves the rest as it is', () => {
    expect(html('$$\nx\n\n- a\n- b')).toContain('<ul>');
    expect(html('$$\nx\n- a')).toContain('<ul>');
  });
});
