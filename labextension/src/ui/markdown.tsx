/** Markdown that grows: blocks that have not changed are not touched again. */
import { type KeyboardEvent, type MouseEvent, memo, useRef } from 'react';
import { type Block, BlockSplitter, type CodeBlock, type HtmlBlock } from '../markdown/blocks';
import { useHost, useT } from './context';
import { CopyButton } from './copy-button';
import { IconButton } from './icon';
import { useReadable } from './readable';

interface Props {
  readonly text: string;
  /** More of it may come. */
  readonly growing: boolean;
}

export function Markdown({ text, growing }: Props): JSX.Element {
  const { openPath } = useHost();
  const splitter = useRef<BlockSplitter>();
  splitter.current ??= new BlockSplitter();
  const blocks = splitter.current.update(text, !growing);
  const open = (event: MouseEvent | KeyboardEvent) => {
    const path = (event.target as Element).closest<HTMLElement>('[data-path]')?.dataset.path;
    if (path && openPath) {
      event.preventDefault();
      openPath(path);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the links to files inside, which are roles of their own
    <div
      className="aichat-markdown"
      data-growing={growing}
      onClick={open}
      onKeyDown={event => event.key === 'Enter' && open(event)}
    >
      {blocks.map(block => (
        <BlockView key={block.key} block={block} paths={openPath !== undefined} />
      ))}
    </div>
  );
}

/** Only what the splitter itself writes: text that looks like it is escaped. */
const PATH = '<span class="aichat-path"';
const LINKED_PATH = '<span class="aichat-path" role="link" tabindex="0"';

const BlockView = memo(function BlockView({ block, paths }: { block: Block; paths: boolean }): JSX.Element {
  return block.kind === 'code' ? <CodeView block={block} /> : <HtmlView block={block} paths={paths} />;
});

function HtmlView({ block, paths }: { block: HtmlBlock; paths: boolean }): JSX.Element {
  const html = paths ? block.html.replaceAll(PATH, LINKED_PATH) : block.html;
  return (
    <div
      className="aichat-block"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the splitter lets no HTML of the text through
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

function CodeView({ block }: { block: CodeBlock }): JSX.Element {
  const t = useT();
  const { notebook, insertCell } = useHost();
  const isOpen = useReadable(notebook) !== null;
  return (
    <div className="aichat-code">
      <div className="aichat-code-bar">
        <span>{block.language}</span>
        {insertCell && isOpen && (
          <IconButton
            icon="insert"
            label={t('Insert into notebook')}
            onClick={() => insertCell(block.source)}
          />
        )}
        <CopyButton text={block.source} />
      </div>
      <pre>
        <code
          // biome-ignore lint/security/noDangerouslySetInnerHtml: the splitter lets no HTML of the text through
          dangerouslySetInnerHTML={{ __html: block.html }}
        />
      </pre>
    </div>
  );
}
