/** All units: reads their files, starts and stops them in the order that they ask for, and says how they are. */
import type { Host } from '../../host/host.ts';
import { baseName } from '../coreutils.ts';
import { commandOf } from '../processes.ts';
import type { Journal } from './journal.ts';
import type { NotifySockets } from './notify.ts';
import type { Answer, JobResult, Request, UnitView } from './protocol.ts';
import { Service } from './service.ts';
import { runningIn } from './starter.ts';
import { isUp } from './states.ts';
import { type ReadUnit, readUnit } from './unit.ts';
import { enabledUnits, findUnitFile, type UnitFile, unitNames } from './unit-files.ts';

interface Loaded {
  file: UnitFile;
  read: ReadUnit;
  readonly service: Service;
}

/** Processes with which this one's pids are compared; nobody asks oftener. */
const LOOK_EVERY = 1_000;

export class Manager {
  readonly #host: Host;
  readonly #journal: Journal;
  readonly #notify: NotifySockets;
  readonly #units = new Map<string, Loaded>();
  /** Those that are being read: who asks for one meanwhile gets the same. */
  readonly #loading = new Map<string, Promise<Loaded | null>>();

  constructor(host: Host, journal: Journal, notify: NotifySockets) {
    this.#host = host;
    this.#journal = journal;
    this.#notify = notify;
  }

  /** Reads every unit there is, and takes over what runs already. */
  async loadAll(): Promise<void> {
    for (const name of await unitNames(this.#host)) await this.#load(name);
  }

  /** What a machine does when it boots. */
  async startEnabled(): Promise<void> {
    await this.#startAll(await enabledUnits(this.#host));
  }

  /** Stops what it started itself; who was there before is left alone. */
  async shutDown(): Promise<void> {
    const own = [...this.#units.values()].filter(({ service }) => !service.adopted);
    await Promise.all(own.map(({ service }) => service.stop()));
  }

  /** Looks after processes that are not our children, once a second, for ever. */
  async watch(): Promise<never> {
    for (;;) {
      await this.#host.sleep(LOOK_EVERY);
      const services = [...this.#units.values()].map(({ service }) => service).filter(({ active }) => active === 'active');
      for (const service of services) await service.look();
    }
  }

  async answer({ verb, units }: Request): Promise<Answer> {
    if (verb === 'daemon-reload') await this.#reloadFiles();
    const loaded = await this.#resolve(
      verb === 'list' || (verb === 'reset-failed' && units.length === 0) ? [...this.#units.keys()] : units,
    );
    const jobs = await this.#jobs(verb, loaded);
    return { jobs, units: await Promise.all(loaded.map(([name, unit]) => (unit === null ? missing(name) : this.#view(unit)))) };
  }

  async #resolve(names: readonly string[]): Promise<[string, Loaded | null][]> {
    const found: [string, Loaded | null][] = [];
    for (const name of names) found.push([name, await this.#load(name)]);
    return found;
  }

  #jobs(verb: Request['verb'], loaded: readonly (readonly [string, Loaded | null])[]): Promise<JobResult[]> {
    const each = (work: (unit: Loaded) => Promise<JobResult>) =>
      Promise.all(
        loaded.map(([name, unit]) =>
          unit === null ? Promise.resolve<JobResult>({ job: 'refused', why: 'not-found', missing: name }) : work(unit),
        ),
      );
    switch (verb) {
      case 'start':
        return each((unit) => this.#start(unit, []));
      case 'stop':
        return each((unit) => this.#stop(unit));
      case 'restart':
        return each((unit) => this.#restart(unit));
      case 'try-restart':
        return each(async (unit) => (isUp(unit.service.active) ? this.#restart(unit) : { job: 'done' }));
      case 'reload':
        return each(({ service }) => service.reload());
      case 'reload-or-restart':
        return each((unit) =>
          isUp(unit.service.active) && unit.read.unit.reload.length > 0 ? unit.service.reload() : this.#restart(unit),
        );
      case 'reset-failed':
        return each(async ({ service }) => {
          service.resetFailed();
          return { job: 'done' };
        });
      default:
        return Promise.resolve([]);
    }
  }

  // ---- files ----

  async #load(name: string): Promise<Loaded | null> {
    const known = this.#units.get(name) ?? this.#loading.get(name);
    if (known !== undefined) return known;
    const loading = this.#loadNew(name).finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }

  async #loadNew(name: string): Promise<Loaded | null> {
    const file = await findUnitFile(this.#host, name);
    if (file === null || !name.endsWith('.service')) return null;
    const read = await this.#read(name, file);
    const at = { host: this.#host, journal: this.#journal };
    const service = new Service(name, read.unit, at, (unit) => this.#notify.open(unit, (message) => service.notified(message)));
    const loaded: Loaded = { file, read, service };
    await this.#adopt(loaded);
    this.#units.set(name, loaded);
    return loaded;
  }

  async #read(name: string, file: UnitFile): Promise<ReadUnit> {
    const read = readUnit(file.text);
    for (const { line, text } of read.remarks) await this.#journal.say(name, `${file.path}:${line}: ${text}`, 4);
    const { problem } = read;
    if (problem?.line === 0) await this.#journal.say(name, `${name}: ${problem.text}`, 3);
    return read;
  }

  async #reloadFiles(): Promise<void> {
    await this.#journal.write({ by: 'systemd', pid: this.#host.pid, unit: '', priority: 6, text: 'Reloading.' });
    for (const [name, loaded] of this.#units) {
      const file = await findUnitFile(this.#host, name);
      if (file === null) {
        if (loaded.service.active === 'inactive' || loaded.service.active === 'failed') this.#units.delete(name);
        continue;
      }
      loaded.file = file;
      loaded.read = await this.#read(name, file);
      loaded.service.unit = loaded.read.unit;
    }
    await this.loadAll();
  }

  /** A process that the page or the learner started before: the one of the PID file, or the one with this very command. */
  async #adopt({ read: { unit, problem }, service }: Loaded): Promise<void> {
    if (problem !== null) return;
    const inFile = unit.pidFile === '' ? null : await runningIn(this.#host, unit.pidFile);
    const program = baseName(unit.start[0]?.words[0] ?? '');
    if (inFile !== null && inFile.command === program) return service.adopt(inFile);
    const wanted = [program, ...(unit.start[0]?.words.slice(1) ?? [])].join(' ');
    const all = await this.#host.processes();
    const same = all.filter(({ title }) => title.replace(/^\S*\//, '') === wanted);
    const oldest = same.find(({ ppid }) => !same.some(({ pid }) => pid === ppid));
    if (oldest !== undefined) await service.adopt({ pid: oldest.pid, command: commandOf(oldest), started: oldest.started });
  }

  // ---- jobs ----

  /** Those that need each other in turn, the others at the same time. */
  async #startAll(names: readonly string[]): Promise<void> {
    const loaded = (await this.#resolve(names)).flatMap(([, unit]) => unit ?? []);
    const started = new Map<Loaded, Promise<unknown>>();
    const start = (unit: Loaded, above: readonly Loaded[]): Promise<unknown> => {
      const under = started.get(unit);
      if (under !== undefined || above.includes(unit)) return under ?? Promise.resolve();
      const before = loaded.filter(({ service }) => unit.read.unit.after.includes(service.name));
      const job = Promise.all(before.map((one) => start(one, [...above, unit]))).then(() => this.#start(unit, []));
      started.set(unit, job);
      return job;
    };
    await Promise.all(loaded.map((unit) => start(unit, [])));
  }

  /** With what it requires and wants; `above`: those for whose sake it is started. */
  async #start(loaded: Loaded, above: readonly Loaded[]): Promise<JobResult> {
    const { read, service } = loaded;
    if (read.problem !== null) return { job: 'refused', why: 'bad-setting' };
    if (above.includes(loaded)) return { job: 'done' };
    const ordered = new Set(read.unit.after);
    const rest: Promise<unknown>[] = [];
    for (const name of [...new Set([...read.unit.requires, ...read.unit.wants])].filter((one) => one.endsWith('.service'))) {
      const needed = await this.#load(name);
      const required = read.unit.requires.includes(name);
      if (needed === null && required) return { job: 'refused', why: 'not-found', missing: name };
      if (needed === null) continue;
      const job = this.#start(needed, [...above, loaded]);
      if (!ordered.has(name)) rest.push(job);
      else if ((await job).job !== 'done' && required) return this.#withoutNeeded(loaded);
    }
    const result = await service.start();
    await Promise.all(rest);
    return result;
  }

  async #withoutNeeded({ service }: Loaded): Promise<JobResult> {
    await service.say(`Dependency failed for ${service.name} - ${service.unit.description}.`, 3);
    return { job: 'dependency' };
  }

  /** And those that cannot do without it. */
  async #stop({ service }: Loaded): Promise<JobResult> {
    const needing = [...this.#units.values()].filter(
      (other) =>
        other.service.unit.requires.includes(service.name) && other.service.active !== 'inactive' && other.service.active !== 'failed',
    );
    await Promise.all(needing.map((other) => this.#stop(other)));
    return service.stop();
  }

  async #restart(loaded: Loaded): Promise<JobResult> {
    if (loaded.read.problem !== null) return { job: 'refused', why: 'bad-setting' };
    await this.#stop(loaded);
    return this.#start(loaded, []);
  }

  // ---- views ----

  async #view({ file, read, service }: Loaded): Promise<UnitView> {
    const now = await findUnitFile(this.#host, service.name);
    const { type, restart, user } = service.unit;
    const living = await service.members.living();
    return {
      name: service.name,
      description: read.unit.description || service.name,
      load: read.problem === null ? 'loaded' : 'bad-setting',
      problem: read.problem?.text ?? null,
      path: file.path,
      changed: now === null || now.path !== file.path || now.modified !== file.modified || now.text !== file.text,
      active: service.active,
      sub: service.sub,
      result: service.result,
      since: service.since,
      activeSince: service.activeSince,
      main: service.main === null ? null : { pid: service.main.pid, command: service.main.command, exit: service.main.exit },
      ran: service.ran,
      status: service.status,
      restarts: service.restartCount,
      pids: living.map(({ pid }) => pid),
      settings: { type, restart, user },
    };
  }
}

function missing(name: string): UnitView {
  return {
    name,
    description: name,
    load: 'not-found',
    problem: null,
    path: '',
    changed: false,
    active: 'inactive',
    sub: 'dead',
    result: 'success',
    since: null,
    activeSince: null,
    main: null,
    ran: [],
    status: '',
    restarts: 0,
    pids: [],
    settings: { type: '', restart: 'no', user: '' },
  };
}
