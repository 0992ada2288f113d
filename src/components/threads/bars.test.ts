import { expect, test } from 'vitest';
import { apart, barsSvg, duration, tickFor } from './bars.ts';

test('bars lie where their times are, and are as full as the processor was at it', () => {
  const svg = barsSvg([{ queued: 0, bars: [{ from: 50, to: 100, share: 0.256 }] }, { bars: [{ from: 0, to: 25, share: 1 }] }], 0, 200, 100);
  expect(svg).toContain('viewBox="0 0 1000 28"');
  expect(svg).toContain('<path class="queue" d="M0 7H250"/><rect x="250" y="2" width="250" height="10" fill-opacity="0.26"/>');
  expect(svg).toContain('<rect x="0" y="16" width="125" height="10" fill-opacity="1"/>');
  expect(svg.match(/class="tick"/g)).toHaveLength(3);
});

test('what is outside of the drawing ends at its edge, and nothing is too thin to be seen', () => {
  expect(barsSvg([{ bars: [{ from: 0, to: 400, share: 1 }] }], 100, 200, 50)).toContain('x="0" y="2" width="1000"');
  expect(barsSvg([{ bars: [{ from: 150, to: 150, share: 1 }] }], 100, 200, 50)).toContain('x="500" y="2" width="1"');
});

test('lines are at round distances, and words say numbers as people do', () => {
  expect([4003, 1001, 611, 60, 5].map(tickFor)).toEqual([2000, 500, 200, 20, 2]);
  expect([apart(200), apart(2000)]).toEqual(['200 ms apart', '2 s apart']);
  expect([298.2, 1003, 4003, 12_345].map(duration).map((text) => text.replace('\u00a0', ' '))).toEqual([
    '298 ms',
    '1.00 s',
    '4.00 s',
    '12.3 s',
  ]);
});
