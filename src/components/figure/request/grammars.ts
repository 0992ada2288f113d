/**
 * Grammars for what travels here. Those of Shiki for http and html bring eleven more languages along, JavaScript and GraphQL
 * among them, which weigh twenty times as much as the highlighter itself.
 */
import type { LanguageRegistration } from 'shiki/core';

export const http: LanguageRegistration = {
  name: 'http',
  scopeName: 'source.http',
  repository: {},
  patterns: [
    {
      match: '^([A-Z]+)( )(\\S+)( )(HTTP/[\\d.]+)$',
      captures: { 1: { name: 'keyword.method' }, 3: { name: 'string.target' }, 5: { name: 'comment.protocol' } },
    },
    {
      match: '^(HTTP/[\\d.]+) (\\d{3})(.*)$',
      captures: { 1: { name: 'comment.protocol' }, 2: { name: 'constant.numeric.status' }, 3: { name: 'string.reason' } },
    },
    {
      match: '^([^\\s:]+)(:)(.*)$',
      captures: { 1: { name: 'keyword.header' }, 2: { name: 'punctuation.separator' } },
    },
  ],
};

export const html: LanguageRegistration = {
  name: 'html',
  scopeName: 'text.html.plain',
  repository: {},
  patterns: [
    { begin: '<!--', end: '-->', name: 'comment.block' },
    { match: '<![^>]*>', name: 'comment.doctype' },
    {
      begin: '(</?)([A-Za-z][\\w:-]*)',
      beginCaptures: { 1: { name: 'punctuation.definition.tag' }, 2: { name: 'entity.name.tag' } },
      end: '/?>',
      endCaptures: { 0: { name: 'punctuation.definition.tag' } },
      patterns: [
        { match: '"[^"]*"|\'[^\']*\'', name: 'string.quoted' },
        { match: '[A-Za-z][\\w:-]*', name: 'entity.other.attribute-name' },
      ],
    },
    { match: '&[#\\w]+;', name: 'constant.numeric.entity' },
  ],
};
