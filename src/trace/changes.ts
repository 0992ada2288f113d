/**
 * From when on a log has become another one, for readers that come back now and then: for any update, the earliest time at which
 * that or a later one made a difference. Updates that a later one goes back behind are left out, and so are very old ones.
 */

/** A reader that was away for more than so many is told that everything may have changed. */
const KEPT = 1000;

export class Changes {
  readonly #updates: { readonly version: number; readonly t: number }[] = [];
  #version = 0;
  /** Updates up to this one are no longer known. */
  #unknown = 0;

  /** How many updates there were. */
  get version(): number {
    return this.#version;
  }

  /** Notes that from `t` on things are different; Infinity for no difference at all. */
  add(t: number): void {
    if (!Number.isFinite(t)) return;
    this.#version++;
    while ((this.#updates.at(-1)?.t ?? Number.NEGATIVE_INFINITY) >= t) this.#updates.pop();
    this.#updates.push({ version: this.#version, t });
    if (this.#updates.length <= 2 * KEPT) return;
    const old = this.#updates.splice(0, KEPT);
    this.#unknown = old.at(-1)?.version ?? this.#unknown;
  }

  /** The earliest time at which something is different since `version` was the last. */
  since(version: number): number {
    if (version < this.#unknown) return Number.NEGATIVE_INFINITY;
    let earliest = Number.POSITIVE_INFINITY;
    for (let i = this.#updates.length - 1; i >= 0 && (this.#updates[i]?.version ?? 0) > version; i--)
      earliest = this.#updates[i]?.t ?? earliest;
    return earliest;
  }
}
