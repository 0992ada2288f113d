/** Gives text away by way of the clipboard. In a sandboxed frame that may be forbidden, as saving a file may. */

/** Is this a frame whose page may have forbidden downloads? An opaque origin says that it is sandboxed. */
export function mayForbid(): boolean {
  return self.origin === 'null' || self !== self.top;
}

/** Puts text on the clipboard. Returns whether that worked. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

/** Needs no permission, only a press of a button just before. */
function copyTheOldWay(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.cssText = 'position:fixed;top:0;opacity:0';
  // beside an open dialog nothing can be selected
  (focused?.closest('dialog') ?? document.body).append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
