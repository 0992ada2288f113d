/** The `applicationHost.config` of the model, to see and to edit; mistakes are named with their line while you type. */
import type { ApplicationHost } from '../../../model/application-host.ts';
import { FileError, readApplicationHost } from '../../../model/application-host.ts';
import { PRESETS } from './presets.ts';

/** What was typed last, kept while the page lives: every figure of the page begins with it. */
let kept: string = PRESETS[0].text;

export interface Settings {
  /** The last text that could be read. */
  readonly host: ApplicationHost;
}

interface Parts {
  readonly choice: HTMLSelectElement;
  readonly text: HTMLTextAreaElement;
  readonly problem: HTMLElement;
  readonly notes: HTMLElement;
  readonly reset: HTMLButtonElement;
}

const OWN = 'Your own';

/** Brings the panel to life. `changed` is called with every text that can be read. */
export function mountSettings(parts: Parts, changed: (host: ApplicationHost) => void): Settings {
  const { choice, text, problem, notes, reset } = parts;
  choice.replaceChildren(...[...PRESETS.map((preset) => preset.name), OWN].map((name) => new Option(name)));
  let host = readApplicationHost(PRESETS[0].text);

  function read(): void {
    kept = text.value;
    choice.value = PRESETS.find((preset) => preset.text === kept)?.name ?? OWN;
    (choice.lastElementChild as HTMLOptionElement).hidden = choice.value !== OWN;
    try {
      host = readApplicationHost(kept);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      fail(error);
      return;
    }
    text.removeAttribute('aria-invalid');
    problem.replaceChildren();
    notes.replaceChildren(...host.notes.map(({ line, text: words }) => item(`Line ${line}: ${words}.`)));
    changed(host);
  }

  function fail({ line, message }: FileError): void {
    text.setAttribute('aria-invalid', 'true');
    // they are about lines that may no longer be there
    notes.replaceChildren();
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `Line ${line}`;
    button.addEventListener('click', () => select(line));
    problem.replaceChildren(button, `: ${message}. The model goes on with the last settings that could be read.`);
  }

  function select(line: number): void {
    const lines = text.value.split('\n');
    const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }

  function write(value: string): void {
    text.value = value;
    read();
  }

  text.addEventListener('input', read);
  choice.addEventListener('change', () => write(PRESETS.find((preset) => preset.name === choice.value)?.text ?? kept));
  reset.addEventListener('click', () => {
    write(PRESETS[0].text);
    text.focus();
  });
  write(kept);
  return {
    get host() {
      return host;
    },
  };
}

export function item(words: string): HTMLLIElement {
  const element = document.createElement('li');
  element.textContent = words;
  return element;
}
