/** Pools to begin with, each a whole file as it stands on a Windows Server. */

interface Preset {
  readonly name: string;
  readonly text: string;
}

function file(attributes: string, inner: readonly string[]): string {
  const pool = [`      <add name="Shop"${attributes}>`, ...inner.map((line) => `        ${line}`), '      </add>'].join('\n');
  return `<configuration>
  <system.applicationHost>
    <applicationPools>
${pool}
    </applicationPools>
    <sites>
      <site name="Shop" id="2">
        <application path="/" applicationPool="Shop" />
      </site>
    </sites>
  </system.applicationHost>
</configuration>
`;
}

const ONE = '<processModel maxProcesses="1" idleTimeout="00:20:00" />';

export const PRESETS: readonly [Preset, ...Preset[]] = [
  { name: 'Default pool', text: file(' queueLength="1000"', [ONE]) },
  { name: 'Web garden of 4', text: file(' queueLength="1000"', ['<processModel maxProcesses="4" idleTimeout="00:20:00" />']) },
  { name: 'Queue of 10', text: file(' queueLength="10"', [ONE]) },
  {
    name: 'New w3wp every 5 requests',
    text: file(' queueLength="1000"', [
      ONE,
      '<recycling disallowOverlappingRotation="false">',
      '  <periodicRestart requests="5" />',
      '</recycling>',
    ]),
  },
];
