/**
 * Pyodide without what no process here can use. It is built for pages that draw, play sound and load compiled libraries later:
 * four thousand WebAssembly exports that only such libraries would call, and two thirds of its script (OpenGL, SDL, WebSockets).
 * Every Python process reads that script anew, so this is a third off its start.
 *
 * What is left out is found by name: what nothing refers to goes. Each step knows the text it expects and says so when a new
 * Pyodide looks different.
 */
import { minifySync } from 'vite';
import { exportNames, importNames, keepExports } from './wasm-sections.ts';

export interface Pyodide {
  readonly loader: string;
  readonly asm: string;
  readonly wasm: Uint8Array;
}

/** Names that our own code uses beside Pyodide's loader, see sandboxes/programs/python/boot.ts. */
const OURS = ['FS', 'HEAPU8', 'HEAPU32', 'API', '_sbrk', '_Py_Version', '__hiwire_set', '__hiwire_immortal_add'];

/** The same Pyodide, smaller. Errors: an Error that names the part of the script that is not as expected. */
export function slim({ loader, asm, wasm }: Pyodide): Pick<Pyodide, 'asm' | 'wasm'> {
  const imports = new Set(importNames(wasm));
  const exports = neededExports(asm + loader, wasm);
  const gone = new Set<string>();
  let code = asm.replace(EXPORT, (line, variable: string, name: string) => {
    if (exports.has(name)) return line;
    gone.add(variable);
    return '';
  });
  code = replaceOnce(code, /var ((?:[\w$]+,){1000,}[\w$]+);function assignWasmExports/, (_, list) => {
    const kept = list.split(',').filter((name) => !gone.has(name));
    return `var ${kept.join(',')};function assignWasmExports`;
  });
  // Entering only what the program itself asks for, not every export, into the table for libraries.
  code = replaceOnce(
    code,
    /for\(var symName in exports\)\{if\(isInternalSym\(symName\)\)/,
    () => 'for(var symName in exports){if(isInternalSym(symName)||!GOT[symName])',
  );
  // An eval() that sees the variables around it keeps all of them.
  code = code.replace(/(?<![\w$.])eval\(/g, '(0,eval)(');
  code = withoutUnreadProperties(code, loader);
  code = code.replace(/([;}])_([\w$]+)\.sig="[^"]*";/g, (line, before: string, name: string) =>
    imports.has(name) && !isGraphics(name) ? line : before,
  );
  code = replaceOnce(code, /var wasmImports=\{([^}]*)\};/, (_, list) => importTable(list, imports));
  code = cellWhenWaiting(code);
  const result = minifySync('pyodide.asm.mjs', code, { module: true, mangle: false, compress: { target: 'es2023' } });
  if (result.errors.length > 0) throw new Error(`pyodide.asm.mjs, made smaller, is no script: ${result.errors[0]?.message}`);
  return { asm: result.code, wasm: keepExports(wasm, exports) };
}

/** `_name=Module["_name"]=wasmExports["name"];`, for some with `.value>>>0` at the end. One or two have another name in the script. */
const EXPORT = /([\w$]+)=(?:Module\["[^"]+"\]=)?wasmExports\["([^"]+)"\](?:\.value>>>0)?;/g;

const isGraphics = (name: string): boolean => name.startsWith('emscripten_gl');

function replaceOnce(text: string, pattern: RegExp, replace: (match: string, group: string) => string): string {
  let count = 0;
  const result = text.replace(pattern, (match: string, group: string) => {
    count++;
    return replace(match, group);
  });
  if (count !== 1) throw new Error(`pyodide.asm.mjs is not as this build knows it: ${pattern.source} is not in it`);
  return result;
}

/** Exports that the scripts name other than to pass them on, or that the WebAssembly itself asks for by address. */
function neededExports(scripts: string, wasm: Uint8Array): Set<string> {
  const variables = new Map([...scripts.matchAll(EXPORT)].map(([, variable = '', name = '']) => [name, variable]));
  const uses = scripts.replace(EXPORT, '').replace(/var (?:[\w$]+,){1000,}[\w$]+;/, '');
  const words = new Set([...(uses.match(/[\w$]+/g) ?? []), ...OURS]);
  const own = new Set([...importNames(wasm, 'GOT.func'), ...importNames(wasm, 'GOT.mem')]);
  return new Set(exportNames(wasm).filter((name) => own.has(name) || words.has(name) || words.has(variables.get(name) ?? `_${name}`)));
}

/** What the WebAssembly imports. All of OpenGL becomes one function: each would cost a small WebAssembly module at every start. */
function importTable(list: string, imports: ReadonlySet<string>): string {
  const entries = list.split(',').flatMap((entry) => {
    const name = entry.split(':')[0]?.replaceAll('"', '') ?? '';
    if (!imports.has(name)) return [];
    return [isGraphics(name) ? `${name}:_noGraphics` : entry];
  });
  return `function _noGraphics(){throw new Error("no graphics here")}_noGraphics.sig="v";var wasmImports={${entries.join(',')}};`;
}

/** Its shared memory for sleeping, made at the first sleep: Chromium notes where that is done, and reads the whole script again to tell the line. */
function cellWhenWaiting(code: string): string {
  let cell = '';
  const later = replaceOnce(code, /var ([\w$]+)=(?=new Int32Array\(new WebAssembly\.Memory\(\{shared:)/, (_, name) => {
    cell = name;
    return `var ${name},_makeCell=()=>`;
  });
  return replaceOnce(later, /Atomics\.wait\([\w$]+(?=,0,0,)/, () => `Atomics.wait(${cell}||=_makeCell()`);
}

/** Without `Module["name"]=name;` where nobody reads Module's name. */
function withoutUnreadProperties(code: string, loader: string): string {
  const mentions = new Map<string, number>();
  for (const [, dotted, quoted] of code.matchAll(/Module(?:\.([\w$]+)|\["([\w$]+)"\])/g)) {
    const name = dotted ?? quoted ?? '';
    mentions.set(name, (mentions.get(name) ?? 0) + 1);
  }
  return code.replace(/Module\["([\w$]+)"\]=([\w$]+);/g, (line, property: string, value: string) => {
    const read = property !== value || (mentions.get(property) ?? 0) > 1 || loader.includes(property) || OURS.includes(property);
    return read ? line : '';
  });
}
