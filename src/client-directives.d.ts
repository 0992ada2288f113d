/** Makes `client:engage` known to Astro's type checks. */
import 'astro';

declare module 'astro' {
  interface AstroClientDirectives {
    'client:engage'?: boolean | 'now';
  }
}
