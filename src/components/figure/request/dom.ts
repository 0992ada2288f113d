/** Elements in one expression. */

type Attributes = Readonly<Record<string, string>>;

export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Up and down (or left and right), Home and End among `elements`: the one that the key leads to, or null. */
export function byKey<E extends HTMLElement>(event: KeyboardEvent, elements: readonly E[]): E | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const at = elements.indexOf(document.activeElement as E);
  const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };
  const step = steps[event.key];
  const to = step !== undefined ? at + step : event.key === 'Home' ? 0 : event.key === 'End' ? elements.length - 1 : -1;
  const found = at < 0 ? undefined : elements[to];
  if (found) event.preventDefault();
  return found ?? null;
}
