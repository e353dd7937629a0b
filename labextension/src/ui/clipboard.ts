/** Copying, also where the page has no clipboard API (plain http). */

/** Whether it worked. */
export async function copyText(text: string, page: Document = document): Promise<boolean> {
  const clipboard = page.defaultView?.navigator.clipboard;
  if (clipboard && page.defaultView?.isSecureContext) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch {
      // No permission: the old way may still work
    }
  }
  const before = page.activeElement as HTMLElement | null;
  const area = page.createElement('textarea');
  area.value = text;
  area.setAttribute('aria-hidden', 'true');
  area.style.cssText = 'position:fixed;opacity:0;inset:0 auto auto 0';
  page.body.appendChild(area);
  try {
    area.select();
    return page.execCommand('copy');
  } catch {
    return false;
  } finally {
    area.remove();
    before?.focus({ preventScroll: true });
  }
}
