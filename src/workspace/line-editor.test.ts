import { describe, expect, it } from 'vitest';
import { LineEditor, type LineView, type Place, paint } from './line-editor.ts';

/** Types into an editor; the line is shown with `|` for the cursor. */
function typed(...keys: string[]): string {
  const editor = new LineEditor();
  for (const key of keys) editor.feed(key);
  return show(editor);
}
const show = ({ view }: LineEditor) => {
  const chars = Array.from(view.text);
  return `${chars.slice(0, view.cursor).join('')}|${chars.slice(view.cursor).join('')}`;
};
const ESC = '\x1b';
const LEFT = '\x1b[D';
const UP = '\x1b[A';
const DOWN = '\x1b[B';

describe('the keys', () => {
  it.each([
    ['typing', ['curl'], 'curl|'],
    ['left and typing', ['crl', LEFT, LEFT, 'u'], 'cu|rl'],
    ['left at the start', ['a', LEFT, LEFT, LEFT], '|a'],
    ['right at the end', ['a', '\x1b[C'], 'a|'],
    ['Home, End as keys', ['bc', '\x1b[H', 'a', '\x1b[F', 'd'], 'abcd|'],
    ['Home, End in application mode', ['bc', '\x1bOH', 'a', '\x1bOF', 'd'], 'abcd|'],
    ['Ctrl-A, Ctrl-E', ['bc', '\x01', 'a', '\x05', 'd'], 'abcd|'],
    ['Backspace', ['abc', LEFT, '\x7f'], 'a|c'],
    ['Backspace at the start', ['\x7f', 'a'], 'a|'],
    ['Delete', ['abc', '\x01', '\x1b[3~'], '|bc'],
    ['Ctrl-D in a line deletes', ['abc', '\x01', '\x04'], '|bc'],
    ['Ctrl-U', ['ps aux', LEFT, '\x15'], '|x'],
    ['Ctrl-K', ['ps aux', LEFT, LEFT, '\x0b'], 'ps a|'],
    ['Ctrl-W takes a word and the space after it', ['kill -9  12  ', '\x17'], 'kill -9  |'],
    ['Ctrl-L leaves the line alone', ['ps', '\x0c'], 'ps|'],
    ['Tab does nothing', ['ca', '\t', 't'], 'cat|'],
    ['unknown sequences do nothing', ['a', '\x1b[15~', '\x1b[1;5C', '\x1b[200~', 'b'], 'ab|'],
    ['a lone Esc does nothing', ['a', '\x1b', 'b'], 'ab|'],
    ['one code point is one character', ['aé😀', LEFT, '\x7f'], 'a|😀'],
  ])('%s', (_name, keys, line) => {
    expect(typed(...keys)).toBe(line);
  });

  it('submits the whole line wherever the cursor is, and starts an empty one', () => {
    const editor = new LineEditor();
    editor.feed(`ps -f${LEFT}${LEFT}`);
    expect(editor.feed('\r')).toEqual([{ type: 'submit', line: 'ps -f' }]);
    expect(show(editor)).toBe('|');
  });

  it('submits every line of a paste and keeps what follows the last line end', () => {
    const editor = new LineEditor();
    expect(editor.feed('ps\r\nls /srv\rcat')).toEqual([
      { type: 'submit', line: 'ps' },
      { type: 'submit', line: 'ls /srv' },
    ]);
    expect(show(editor)).toBe('cat|');
  });

  it('gives up the line on Ctrl-C', () => {
    const editor = new LineEditor();
    expect(editor.feed('curl\x03')).toEqual([{ type: 'interrupt' }]);
    expect(show(editor)).toBe('|');
  });

  it('ends the input on Ctrl-D only when the line is empty', () => {
    const editor = new LineEditor();
    expect(editor.feed('a\x04')).toEqual([]);
    expect(editor.feed('\x7f\x04')).toEqual([{ type: 'end-of-input' }]);
  });
});

describe('the history', () => {
  it('goes back and forth and comes back to the unfinished line', () => {
    const editor = new LineEditor();
    editor.feed('ps\rls\rca');
    const lines = [UP, UP, UP, DOWN, DOWN, DOWN].map((key) => {
      editor.feed(key);
      return editor.view.text;
    });
    expect(lines).toEqual(['ls', 'ps', 'ps', 'ls', 'ca', 'ca']);
  });

  it('keeps no empty lines and no line twice in a row', () => {
    const editor = new LineEditor();
    editor.feed('ps\rps\r\r  \r');
    editor.feed(UP + UP);
    expect(editor.view.text).toBe('ps');
    editor.feed(DOWN);
    expect(editor.view.text).toBe('');
  });

  it('starts again from the newest after a line was entered or given up', () => {
    const editor = new LineEditor();
    editor.feed(`one\rtwo\r${UP}${UP}\x03${UP}`);
    expect(editor.view.text).toBe('two');
  });
});

describe('Tab', () => {
  it('asks about what is left of the cursor, and takes the answer', () => {
    const editor = new LineEditor();
    editor.feed(`cat ng x${LEFT}${LEFT}`);
    expect(editor.feed('\t')).toEqual([{ type: 'complete', line: 'cat ng' }]);
    expect(editor.complete('cat ng', 'cat nginx.conf ')).toBe(true);
    expect(show(editor)).toBe('cat nginx.conf | x');
  });

  it('takes no answer about a line that has changed', () => {
    const editor = new LineEditor();
    editor.feed('cat n');
    expect(editor.complete('cat', 'cat x ')).toBe(false);
    expect(show(editor)).toBe('cat n|');
  });

  it('is four spaces in what was pasted', () => {
    const editor = new LineEditor();
    expect(editor.feed('\tx = 1')).toEqual([]);
    expect(show(editor)).toBe('    x = 1|');
  });
});

describe('Ctrl-R', () => {
  const SEARCH = '\x12';
  /** An editor with a history, and what it shows after some keys. */
  function searching(...keys: readonly string[]): { editor: LineEditor; actions: unknown[] } {
    const editor = new LineEditor();
    editor.feed('nginx -t\rps aux\rnginx -s reload\rls\r');
    return { editor, actions: keys.flatMap((key) => editor.feed(key)) };
  }
  const text = (...keys: readonly string[]): string => searching(...keys).editor.view.text;

  it('finds the newest line with what is typed, and older ones', () => {
    expect(text(SEARCH)).toBe("(reverse-i-search)`': ");
    expect(text(SEARCH, 'ng')).toBe("(reverse-i-search)`ng': nginx -s reload");
    expect(text(SEARCH, 'ng', SEARCH)).toBe("(reverse-i-search)`ng': nginx -t");
    expect(text(SEARCH, 'ng', SEARCH, SEARCH)).toBe("(failed reverse-i-search)`ng': nginx -t");
    expect(text(SEARCH, 'nginx -t')).toBe("(reverse-i-search)`nginx -t': nginx -t");
    expect(text(SEARCH, 'ngx')).toBe("(failed reverse-i-search)`ngx': nginx -s reload");
    expect(text(SEARCH, 'ngx', '\x7f')).toBe("(reverse-i-search)`ng': nginx -s reload");
  });

  it('runs it with Enter, edits it with other keys', () => {
    expect(searching(SEARCH, 'aux\r').actions).toEqual([{ type: 'submit', line: 'ps aux' }]);
    expect(show(searching(SEARCH, 'aux', LEFT).editor)).toBe('ps au|x');
    expect(show(searching(SEARCH, 'aux', '\x1b').editor)).toBe('ps aux|');
    expect(searching(SEARCH, 'aux', '\t').actions).toEqual([{ type: 'complete', line: 'ps aux' }]);
  });

  it('is given up with Ctrl-G and Ctrl-C', () => {
    expect(show(searching('half', SEARCH, 'aux', '\x07').editor)).toBe('half|');
    const { editor, actions } = searching('half', SEARCH, 'aux', '\x03');
    expect([show(editor), actions]).toEqual(['|', [{ type: 'interrupt' }]]);
  });
});

describe('paint', () => {
  const empty: LineView = { text: '', cursor: 0 };

  /** A terminal of a few rows that understands what paint() writes, with the wait at the right edge that real ones have. */
  function screen(place: Place, steps: readonly LineView[]): { rows: string[]; x: number; y: number } {
    const rows: string[][] = [Array.from('#'.repeat(place.start))];
    let [x, y] = [place.start, 0];
    let previous = empty;
    for (const view of steps) {
      for (const [token = ''] of paint(place, previous, view).matchAll(new RegExp(`${ESC}\\[\\d*[ACJ]|.`, 'gsu'))) {
        const count = Number(/\d+/.exec(token)?.[0] ?? 1);
        if (token === '\r') x = 0;
        else if (token === '\n') y++;
        else if (token.endsWith('A') && token.startsWith('\x1b')) y -= count;
        else if (token.endsWith('C') && token.startsWith('\x1b')) x += count;
        else if (token === '\x1b[J') {
          rows[y] = (rows[y] ?? []).slice(0, x);
          rows.length = y + 1;
        } else {
          if (x === place.columns) {
            x = 0;
            y++;
          }
          const row = rows[y] ?? [];
          rows[y] = row;
          row[x++] = token;
        }
        if (y < 0) throw new Error('moved above the prompt');
      }
      previous = view;
    }
    return { rows: rows.map((row) => row.join('')), x, y };
  }

  it('draws after the prompt', () => {
    expect(screen({ columns: 10, start: 2 }, [{ text: 'abc', cursor: 1 }])).toEqual({ rows: ['##abc'], x: 3, y: 0 });
  });

  it('replaces a longer line by a shorter one', () => {
    const steps = [
      { text: 'abcdefghijklmnopqrstuvw', cursor: 23 },
      { text: 'xy', cursor: 2 },
    ];
    expect(screen({ columns: 10, start: 2 }, steps)).toEqual({ rows: ['##xy'], x: 4, y: 0 });
  });

  it('moves the cursor inside a line of several rows', () => {
    const text = 'abcdefghijklmnopqrst';
    const steps = [20, 3, 12, 0, 20].map((cursor) => ({ text, cursor }));
    expect(screen({ columns: 10, start: 2 }, steps.slice(0, 3))).toEqual({ rows: ['##abcdefgh', 'ijklmnopqr', 'st'], x: 4, y: 1 });
    expect(screen({ columns: 10, start: 2 }, steps)).toEqual({ rows: ['##abcdefgh', 'ijklmnopqr', 'st'], x: 2, y: 2 });
  });

  it('goes to the next row when the line fills one exactly', () => {
    const steps = [
      { text: 'abcdefg', cursor: 7 },
      { text: 'abcdefgh', cursor: 8 },
    ];
    expect(screen({ columns: 10, start: 2 }, steps)).toMatchObject({ x: 0, y: 1 });
    expect(screen({ columns: 10, start: 2 }, [...steps, { text: 'abcdefgh', cursor: 2 }, { text: 'abX', cursor: 3 }]).rows).toEqual([
      '##abX',
    ]);
  });
});

describe('lines of an earlier visit', () => {
  it('are found by the arrows, until they are forgotten', () => {
    const editor = new LineEditor(['ls', 'pwd']);
    editor.feed('\x1b[A\x1b[A');
    expect(editor.view.text).toBe('ls');
    editor.feed('\x1b[B\x1b[B');
    expect(editor.view.text).toBe('');
    editor.forget();
    editor.feed('\x1b[A');
    expect(editor.view.text).toBe('');
  });

  it('Ctrl-Z is said, and the line stays', () => {
    const editor = new LineEditor();
    expect(editor.feed('ab\x1a')).toEqual([{ type: 'stop' }]);
    expect(editor.view.text).toBe('ab');
  });
});
