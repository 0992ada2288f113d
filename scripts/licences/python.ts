/** Python as the site ships it, and what is compiled into it. Pyodide's package names none of it, so it stands here. */
import { unzipSync } from 'fflate';
import type { PublishedWheel } from '../../src/runtime/wheels.ts';
import { commonText, type Part, text } from './part.ts';

const copyright = (holders: string, licence: string): string => `Copyright (c) ${holders}\n\n${text(licence)}`;
const PUBLIC_DOMAIN = 'Its authors gave it into the public domain: whoever wants may use it for anything.';

/** The parts of `pyodide.asm.wasm`, for these versions of Pyodide and CPython. */
export function pythonParts(pyodide: string, cpython: string): Part[] {
  const pinned = `of Pyodide ${pyodide}`;
  return [
    {
      name: 'Pyodide',
      version: pyodide,
      licence: 'MPL-2.0',
      text: `This site makes Pyodide's files smaller and compiles the library beforehand; how is in scripts/engine of the site's source.\n\n${text('MPL-2.0')}`,
      source: `https://github.com/pyodide/pyodide/tree/${pyodide}`,
    },
    {
      name: 'CPython',
      version: cpython,
      licence: 'PSF-2.0',
      text: text('CPython'),
      source: `https://github.com/python/cpython/tree/v${cpython}`,
    },
    ...[
      { name: 'bzip2', licence: 'bzip2-1.0.6', text: text('bzip2'), source: 'https://sourceware.org/bzip2/' },
      {
        name: 'Emscripten',
        licence: 'MIT',
        text: copyright('2010-2014 Emscripten authors, see its AUTHORS file', 'MIT'),
        source: 'https://github.com/emscripten-core/emscripten',
      },
      {
        name: 'Expat',
        licence: 'MIT',
        text: copyright('1998-2000 Thai Open Source Software Center Ltd and Clark Cooper; 2001-2025 Expat maintainers', 'MIT'),
        source: 'https://github.com/libexpat/libexpat',
      },
      {
        name: 'HACL*',
        licence: 'MIT',
        text: copyright('2016-2022 INRIA, CMU and Microsoft Corporation; 2022-2023 HACL* Contributors', 'MIT'),
        source: 'https://github.com/hacl-star/hacl-star',
      },
      {
        name: 'libffi',
        licence: 'MIT',
        text: copyright('1996-2024 Anthony Green, Red Hat, Inc and others', 'MIT'),
        source: 'https://github.com/libffi/libffi',
      },
      {
        name: 'mimalloc',
        licence: 'MIT',
        text: copyright('2018-2021 Microsoft Corporation, Daan Leijen', 'MIT'),
        source: 'https://github.com/microsoft/mimalloc',
      },
      {
        name: 'mpdecimal',
        licence: 'BSD-2-Clause',
        text: copyright('2008-2024 Stefan Krah', 'BSD-2-Clause'),
        source: 'https://www.bytereef.org/mpdecimal/',
      },
      { name: 'musl', licence: 'MIT', text: copyright('2005-2020 Rich Felker, et al.', 'MIT'), source: 'https://musl.libc.org/' },
      { name: 'SQLite', licence: 'public domain', text: PUBLIC_DOMAIN, source: 'https://www.sqlite.org/copyright.html' },
      { name: 'XZ Utils (liblzma)', licence: '0BSD or public domain', text: PUBLIC_DOMAIN, source: 'https://tukaani.org/xz/' },
      { name: 'zlib', licence: 'Zlib', text: text('zlib'), source: 'https://zlib.net/' },
      {
        name: 'Zstandard',
        licence: 'BSD-3-Clause',
        text: copyright('Meta Platforms, Inc. and affiliates. All rights reserved.', 'BSD-3-Clause'),
        source: 'https://github.com/facebook/zstd',
      },
    ].map((part) => ({ ...part, version: pinned })),
  ];
}

/** Of a wheel: its metadata, and what says how it may be used (also by code of others within it). */
const METADATA = /^[^/]+\.dist-info\/METADATA$/;
const LICENCE = /(^|\/)((licen[cs]e|copying|notice)[\w.-]*|[\w.-]*[-_]licen[cs]e[\w.-]*)$/i;

const field = (metadata: string, name: string): string | undefined =>
  new RegExp(`^${name}: *(.+)$`, 'im').exec(metadata.split(/\r?\n\r?\n/, 1)[0] ?? '')?.[1]?.trim();

/** A wheel as it is published. Errors: an Error that names it when it says no licence, or brings no text of an unusual one. */
export function wheelPart({ name, version, without }: PublishedWheel, bytes: Uint8Array): Part {
  const files = unzipSync(bytes, { filter: (file) => METADATA.test(file.name) || (LICENCE.test(file.name) && !/\.pyc?$/.test(file.name)) });
  const decoder = new TextDecoder();
  const texts = Object.entries(files).map(([path, content]) => ({ path, content: decoder.decode(content).trim() }));
  const metadata = texts.find(({ path }) => METADATA.test(path))?.content ?? '';
  const classifier = /^Classifier: License :: (?:OSI Approved :: )?(.+)$/im.exec(metadata)?.[1];
  // What it brings of others may come with the same words.
  const own = texts.filter(({ path, content }, at) => !METADATA.test(path) && texts.findIndex((one) => one.content === content) === at);
  const granted = own.some(({ content }) => content.startsWith('Permission is hereby granted, free of charge')) ? 'MIT' : undefined;
  const licence = field(metadata, 'License-Expression') ?? classifier ?? field(metadata, 'License') ?? granted;
  if (licence === undefined) throw new Error(`The wheel of ${name} does not say its licence`);
  const authors = field(metadata, 'Author') ?? field(metadata, 'Author-email') ?? `the authors of ${name}`;
  const words =
    own.length === 0
      ? commonText(name, licence.replace(/ License$/, ''), authors)
      : own.length === 1
        ? (own[0]?.content ?? '')
        : own.map(({ path, content }) => `== ${path}\n\n${content}`).join('\n\n');
  const changed = without === null ? '' : `The site's copy is packed anew without ${without}.\n\n`;
  return { name, version, licence, text: changed + words, source: `https://pypi.org/project/${name}/${version}/` };
}
