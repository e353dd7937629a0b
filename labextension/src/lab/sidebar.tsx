/** The sidebar's widget. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { type Translate, translator } from '../i18n/translate';
import { Chat } from '../ui/chat';
import type { ChatModel } from '../ui/chat-model';
import type { Host } from '../ui/ports';
import { chatIcon } from './icons';

export class Sidebar extends ReactWidget {
  /** The next activation is nobody's wish: leave the cursor where it is. */
  private quiet = false;

  constructor(
    readonly model: ChatModel,
    private readonly host: Host
  ) {
    super();
    const t: Translate = translator(host.language);
    this.id = 'jupyter-aichat';
    this.addClass('aichat-sidebar');
    this.title.icon = chatIcon;
    this.title.caption = t('AI chat');
  }

  protected override render(): JSX.Element {
    return <Chat model={this.model} host={this.host} />;
  }

  /** Run `open` so that it shows the chat without taking the cursor. */
  openQuietly(open: () => void): void {
    this.quiet = true;
    open();
  }

  protected override onActivateRequest(): void {
    if (this.quiet) {
      this.quiet = false;
    } else {
      this.model.requestFocus();
    }
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }
}
