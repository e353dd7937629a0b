/** Whether the person is writing: while that is so, nothing may take the cursor away. */
const QUIET_MS = 2000;

export class Typing {
  private last = Number.NEGATIVE_INFINITY;
  private empty = true;

  constructor(private readonly now: () => number = Date.now) {}

  /** The composer's text has changed. */
  note(text: string): void {
    this.last = this.now();
    this.empty = text === '';
  }

  /** The composer is empty, and nobody typed for two seconds. */
  mayTakeFocus(): boolean {
    return this.empty && this.now() - this.last >= QUIET_MS;
  }
}
