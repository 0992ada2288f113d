/**
 * A process's direct connections to others. For each pair the kernel announces a token to both; one of them calls the
 * other and says it first. The call and the kernel's word about it may come in either order.
 */
import type { Guest } from '../guest.ts';
import type { LinkMessage, Outlet } from '../wire.ts';
import { type Across, Channel, type Hello } from './channel.ts';

/** A call with a token that the kernel has not announced by then is a stranger's. */
const STRANGER_MS = 10_000;

const BYE: LinkMessage = { conn: '', to: 'server', state: 'bye' };

/** Keeps what goes out until there is a channel, and what comes in until someone listens. */
class Link implements Outlet<LinkMessage> {
  onClose: () => void = () => {};
  #channel: Channel | null = null;
  #out: Across[] = [];
  #in: Across[] = [];
  #deliver: ((messages: Across) => void) | null = null;
  #ending = false;

  attach(channel: Channel): void {
    this.#channel = channel;
    for (const messages of this.#out.splice(0)) channel.send(messages);
    channel.onMessage = (messages) => {
      if (this.#deliver === null) this.#in.push(messages as Across);
      else this.#deliver(messages as Across);
    };
    channel.onClose = () => this.onClose();
    if (this.#ending) channel.end();
  }

  listen(deliver: (messages: Across) => void): void {
    this.#deliver = deliver;
    for (const messages of this.#in.splice(0)) deliver(messages);
    if (this.#channel?.closed) this.onClose();
  }

  /** A stranger's call is hung up. */
  refuseUnlessHeard(): void {
    if (this.#deliver === null) this.#channel?.destroy();
  }

  post(messages: LinkMessage[]): void {
    if (this.#channel === null) this.#out.push(messages);
    else this.#channel.send(messages);
  }

  end(): void {
    this.#ending = true;
    this.#channel?.end();
  }
}

export class Links {
  /** Called when, after `end`, the last link has closed. */
  onEnd: () => void = () => {};
  #links = new Map<string, Link>();
  #open = new Set<Link>();
  #ending = false;

  get open(): number {
    return this.#open.size;
  }

  /** The kernel's word: a link to `pid`, which listens at `port` or, when that is null, will call. */
  lay(guest: Guest, pid: number, token: string, port: number | null): void {
    const link = this.#link(token);
    this.#open.add(link);
    guest.link(pid, link);
    link.onClose = () => {
      // Whether it said so or broke: nothing more will come.
      guest.receiveFrom(pid, [BYE]);
      this.#links.delete(token);
      this.#open.delete(link);
      if (this.#ending && this.#open.size === 0) this.onEnd();
    };
    if (port !== null) {
      const channel = Channel.connect(port);
      channel.send({ token, port: 0 } satisfies Hello);
      link.attach(channel);
    }
    link.listen((messages) => guest.receiveFrom(pid, messages));
    if (this.#ending) link.end();
  }

  /** Someone calls: the first message says for which link. */
  called(channel: Channel): void {
    channel.onMessage = (message): void => {
      const { token } = message as Hello;
      const link = this.#link(token);
      link.attach(channel);
      setTimeout(() => link.refuseUnlessHeard(), STRANGER_MS).unref();
    };
  }

  /** No more words from here; each link closes when it has carried what it was given. */
  end(): void {
    this.#ending = true;
    for (const link of this.#open) link.end();
  }

  #link(token: string): Link {
    const known = this.#links.get(token);
    if (known !== undefined) return known;
    const link = new Link();
    this.#links.set(token, link);
    return link;
  }
}
