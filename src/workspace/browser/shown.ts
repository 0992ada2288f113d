/** What the browser pane has to show. */
import type { CertificateFacts, HttpResponse } from '../../runtime/runtime.ts';
import type { Ask } from './content.ts';
import type { Rewritten } from './rewrite.ts';

interface Base {
  readonly url: string;
  /** Null for what the browser shows without having asked. */
  readonly answer: HttpResponse | null;
}

export type Shown =
  | (Base & {
      readonly kind: 'page';
      readonly page: Rewritten;
      readonly notes: readonly string[];
      /** The frame's document with a nonce of its own. */
      readonly write: (nonce: string) => string;
      /** Another one for another document: a part of the same page keeps it. */
      readonly version: number;
    })
  | (Base & { readonly kind: 'plain'; readonly answer: HttpResponse })
  | (Base & { readonly kind: 'certificate'; readonly certificate: CertificateFacts })
  | (Base & { readonly kind: 'trouble'; readonly failed: string })
  /** A form that would be sent again. */
  | (Base & { readonly kind: 'resend'; readonly ask: Ask; readonly step: -1 | 0 | 1 });
