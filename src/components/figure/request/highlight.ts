/** Colours for the code in the dialog, by the same theme as all code on the site. A chunk of its own, fetched when it is first needed. */
import { createHighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import json from 'shiki/langs/json.mjs';
import { codeTheme } from '../../../styles/code-themes.mjs';
import { html, http } from './grammars.ts';

const highlighter = createHighlighterCore({ themes: [codeTheme], langs: [http, html, json], engine: createJavaScriptRegexEngine() });

/** The text in coloured pieces. Colours are set by script, which a page's policy for style attributes lets pass. */
export async function highlighted(text: string, language: 'http' | 'html' | 'json'): Promise<DocumentFragment> {
  const { tokens } = (await highlighter).codeToTokens(text, { lang: language, theme: codeTheme.name });
  const fragment = document.createDocumentFragment();
  for (const [index, line] of tokens.entries()) {
    if (index > 0) fragment.append('\n');
    for (const { content, color = '', fontStyle = 0 } of line) {
      const piece = document.createElement('span');
      piece.textContent = content;
      piece.style.color = color;
      if (fontStyle & 1) piece.style.fontStyle = 'italic';
      fragment.append(piece);
    }
  }
  return fragment;
}
