/** The colours of code in the editor: those of the lessons' listings, which are tokens that can be read by day and by night. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--ink-soft)', fontStyle: 'italic' },
  {
    tag: [tags.keyword, tags.tagName, tags.heading, tags.propertyName, tags.definition(tags.propertyName), tags.angleBracket],
    color: 'var(--status-redirect)',
  },
  { tag: [tags.operator, tags.separator, tags.punctuation], color: 'var(--ink-soft)' },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: 'var(--status-ok)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.character], color: 'var(--status-server-error)' },
  { tag: [tags.attributeName, tags.className, tags.special(tags.variableName)], color: 'var(--status-wait)' },
  {
    tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))],
    color: 'var(--status-client-error)',
  },
]);

export const highlighting = syntaxHighlighting(colours);
