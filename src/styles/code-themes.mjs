/**
 * The Shiki theme of all code on the site. It names custom properties of tokens.css instead of colours, so one highlighted
 * block serves day and night, and its contrast is that of the tokens (the bundled themes have token colours below 4.5:1).
 */
export const codeTheme = {
  name: 'follow-the-request',
  type: /** @type {const} */ ('light'),
  fg: 'var(--ink)',
  bg: 'var(--paper-raised)',
  settings: [
    { settings: { foreground: 'var(--ink)', background: 'var(--paper-raised)' } },
    { scope: ['comment', 'punctuation.definition.comment'], settings: { foreground: 'var(--ink-soft)', fontStyle: 'italic' } },
    {
      scope: ['keyword', 'storage', 'entity.name.tag', 'entity.name.section', 'support.type.property-name', 'punctuation.definition.tag'],
      settings: { foreground: 'var(--status-redirect)' },
    },
    { scope: ['keyword.operator', 'punctuation.separator'], settings: { foreground: 'var(--ink-soft)' } },
    { scope: ['string', 'constant.other.symbol'], settings: { foreground: 'var(--status-ok)' } },
    { scope: ['constant.numeric', 'constant.language'], settings: { foreground: 'var(--status-server-error)' } },
    { scope: ['entity.other.attribute-name', 'variable.parameter'], settings: { foreground: 'var(--status-wait)' } },
    { scope: ['entity.name.function', 'support.function'], settings: { foreground: 'var(--status-client-error)' } },
  ],
};
