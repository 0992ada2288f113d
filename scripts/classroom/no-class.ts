/** The page a student gets who has an old or mistyped code: it asks for the code again. */

/** The field of its form, see relay.ts. */
export const CODE = 'code';

/** `up`: the way to the site's first address. */
export const noClassPage = (why: string, up: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>No such class · Follow the Request</title>
<style>
  body { max-width: 32rem; margin: 12vh auto; padding: 0 1.25rem; font: 1.125rem/1.5 system-ui, sans-serif }
  input, button { min-height: 44px; padding: 0 .75rem; font: inherit }
  input { width: 9rem }
</style>
<main>
  <h1>No such class</h1>
  <p>${why}</p>
  <form action="${up}r/">
    <p><label>Code of the class, the end of the address<br><input name="${CODE}" required minlength="4" maxlength="16" pattern="[A-Za-z0-9]+" title="letters and digits" autocapitalize="none" autocomplete="off" spellcheck="false"></label> <button>Join</button></p>
  </form>
  <p><a href="${up}lessons/">All lessons, without a class</a></p>
</main>
</html>
`;
