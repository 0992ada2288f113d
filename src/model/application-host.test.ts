import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULTS, FileError, readApplicationHost } from './application-host.ts';

const LESSONS = 'lessons/en';
/** Those that describe a pool; a lesson may show another part of the file, or none. */
const FILES = readdirSync(LESSONS)
  .map((lesson) => `${LESSONS}/${lesson}/iis/applicationHost.config`)
  .filter((file) => existsSync(file) && readFileSync(file, 'utf8').includes('<applicationPools>'));

const pools = (inner: string, sites = ''): string =>
  `<?xml version="1.0"?>\n<configuration>\n<system.applicationHost>\n<applicationPools>\n${inner}\n</applicationPools>\n${sites}\n</system.applicationHost>\n</configuration>\n`;

function failure(text: string): { line: number; message: string } {
  try {
    readApplicationHost(text);
  } catch (error) {
    if (error instanceof FileError) return { line: error.line, message: error.message };
  }
  throw new Error('it was read without an error');
}

describe('reading an applicationHost.config', () => {
  it('finds files of lessons', () => {
    expect(FILES.length).toBeGreaterThan(3);
  });

  it.each(FILES)('reads %s as it is', (file) => {
    expect(readApplicationHost(readFileSync(file, 'utf8')).pool).toMatchObject({ name: 'Shop', maxProcesses: expect.any(Number) });
  });

  it('ends in a file that is read, or in an error with a line, whatever is cut out of a file or put into it', () => {
    const texts = FILES.map((file) => readFileSync(file, 'utf8'));
    const pieces = [
      '<',
      '>',
      '/>',
      '"',
      '&',
      '&amp;',
      '<!--',
      '-->',
      '<add ',
      '</applicationPools>',
      '<![CDATA[',
      '=',
      '\0',
      '99999999999',
    ];
    const cut = fc.record({ text: fc.constantFrom(...texts), at: fc.nat(1500), length: fc.nat(30), put: fc.constantFrom('', ...pieces) });
    let refused = 0;
    fc.assert(
      fc.property(cut, ({ text, at, length, put }) => {
        try {
          readApplicationHost(text.slice(0, at) + put + text.slice(at + length));
        } catch (error) {
          if (!(error instanceof FileError) || error.message === '' || error.line < 1) throw error;
          refused++;
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(refused).toBeGreaterThan(300);
    expect(refused).toBeLessThan(2900);
  });

  it('takes the defaults of IIS for what is not said', () => {
    expect(readApplicationHost(pools('<add name="Shop"/>')).pool).toEqual({ ...DEFAULTS, name: 'Shop' });
  });

  it('reads every setting that the model uses', () => {
    const { pool, notes } = readApplicationHost(
      pools(`<add name="A &amp; B" autoStart="false" startMode="AlwaysRunning" queueLength='10'>
        <processModel maxProcesses="4" idleTimeout="00:00:00" shutdownTimeLimit="00:01:00"/>
        <recycling disallowOverlappingRotation="true"><periodicRestart time="1.05:00:00" requests="5"/></recycling>
        <failure rapidFailProtection="false" rapidFailProtectionInterval="00:00:30" rapidFailProtectionMaxCrashes="2"/>
      </add>`),
    );
    expect(notes).toEqual([]);
    expect(pool).toEqual({
      name: 'A & B',
      autoStart: false,
      alwaysRunning: true,
      queueLength: 10,
      maxProcesses: 4,
      idleTimeout: 0,
      shutdownTimeLimit: 60_000,
      overlap: false,
      recycleAfterRequests: 5,
      recycleAfterTime: 29 * 3_600_000,
      rapidFail: false,
      rapidFailInterval: 30_000,
      rapidFailCrashes: 2,
    });
  });

  it('lets a pool inherit from applicationPoolDefaults, wherever they stand', () => {
    const { pool } = readApplicationHost(
      pools(
        '<add name="Shop" queueLength="50"/><applicationPoolDefaults queueLength="20"><processModel maxProcesses="3"/></applicationPoolDefaults>',
      ),
    );
    expect(pool).toMatchObject({ queueLength: 50, maxProcesses: 3 });
  });

  it("takes the pool of the site's root application", () => {
    const two = '<add name="One"/><add name="Two" queueLength="77"/>';
    const site = (inner: string): string => `<sites><site name="Shop" id="1">${inner}</site></sites>`;
    expect(
      readApplicationHost(pools(two, site('<application path="/api" applicationPool="One"/><application path="/" applicationPool="two"/>')))
        .pool.name,
    ).toBe('Two');
    expect(readApplicationHost(pools(two, site('<applicationDefaults applicationPool="Two"/><application path="/"/>'))).pool.name).toBe(
      'Two',
    );
    expect(readApplicationHost(pools(two)).pool.name).toBe('One');
    expect(failure(pools(two, site('<application path="/" applicationPool="Shp"/>')))).toEqual({
      line: 7,
      message: 'the site runs in the pool "Shp", and there is none of that name',
    });
  });

  it('notes what has no effect, with its line', () => {
    const { notes } = readApplicationHost(
      pools('<add name="Shop" identityType="x">\n<cpu limit="5"/>\n<recycling><periodicRestart privateMemory="1"/></recycling>\n</add>'),
    );
    expect(notes).toEqual([
      { line: 5, text: 'identityType has no effect here: the model runs under no account' },
      { line: 6, text: '<cpu> has no effect here: the model does not use it' },
      { line: 7, text: 'privateMemory has no effect here: the model has no memory to measure' },
    ]);
  });

  it.each([
    [
      'a number out of range',
      pools('<add name="Shop"\n queueLength="5"/>'),
      6,
      'queueLength must be a whole number from 10 to 65535, not "5"',
    ],
    [
      'no number',
      pools('<add name="Shop"><processModel maxProcesses="many"/></add>'),
      5,
      'maxProcesses must be a whole number from 0 to 64, not "many"',
    ],
    ['no time', pools('<add name="Shop"><processModel idleTimeout="20"/></add>'), 5, 'idleTimeout must be a time like "00:05:00"'],
    ['no flag', pools('<add name="Shop" autoStart="yes"/>'), 5, 'autoStart must be "true" or "false", not "yes"'],
    ['no mode', pools('<add name="Shop" startMode="always"/>'), 5, 'startMode must be "OnDemand" or "AlwaysRunning", not "always"'],
    ['a pool without a name', pools('\n<add/>'), 6, 'an application pool needs a name'],
    ['two pools of one name', pools('<add name="Shop"/>\n<add name="shop"/>'), 6, 'there are two pools called "shop"'],
    ['no pool', pools(''), 4, 'there is no application pool'],
    ['another file', '<configuration>\n<system.webServer/></configuration>', 1, 'there is no <applicationPools>'],
    ['nothing', ' \n', 1, 'there is no element'],
    [
      'an element left open',
      '<applicationPools>\n<add name="Shop">\n</applicationPools>',
      3,
      '</applicationPools> stands where </add> is expected: <add> is open since line 2',
    ],
    ['a document left open', '<applicationPools>\n<add name="Shop"/>', 1, '<applicationPools> is never closed'],
    ['an end too many', '</add>', 1, '</add> closes nothing'],
    ['two documents', '<a/>\n<b/>', 2, '<b> stands after the end'],
    ['a value without quotes', '<applicationPools>\n<add name=Shop/>', 2, 'the value of name must stand in quotes'],
    ['an attribute twice', '<add\nname="a"\nname="b"/>', 3, '<add> has name twice'],
    ['attributes without a space', '<add name="a"id="b"/>', 1, 'a space is missing before the next attribute'],
    ['a strange entity', '<add name="a&nbsp;b"/>', 1, '"&nbsp;" is no entity'],
    ['text', '<add>\nhello</add>', 2, 'text stands between the elements'],
    ['a comment left open', '<add>\n<!-- hello', 2, 'the comment is never closed with -->'],
    ['a tag left open', '<add name="a"', 1, '<add> is not closed with >'],
    ['a doctype', '<!DOCTYPE a><a/>', 1, 'only elements and comments'],
  ])('says what is wrong and where: %s', (_, text, line, message) => {
    const error = failure(text);
    expect(error.message).toContain(message);
    expect(error.line).toBe(line);
  });
});
