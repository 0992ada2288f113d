/** Components of a lesson's text with what they need to know on paper, for `<Content components>`; several lessons may be on one page. */
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';

/** The component, always given these properties. */
export function given(component: AstroComponentFactory, always: Readonly<Record<string, unknown>>): AstroComponentFactory {
  const bound: AstroComponentFactory = (result, props, slots) => component(result, { ...props, ...always }, slots);
  return Object.assign(bound, component);
}
