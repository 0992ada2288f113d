/** What lies over a stage: the laser's dot, and what was drawn with the highlighter. Both are seen and never pressed. */

const SVG = 'http://www.w3.org/2000/svg';

export class Laser {
  readonly #dot = document.createElement('div');

  constructor() {
    this.#dot.className = 'show-laser';
    this.#dot.hidden = true;
    document.body.append(this.#dot);
    document.addEventListener('pointermove', ({ clientX, clientY }) => this.#to(clientX, clientY), { passive: true });
    this.#to(innerWidth / 2, innerHeight / 2);
  }

  get on(): boolean {
    return !this.#dot.hidden;
  }

  set on(on: boolean) {
    this.#dot.hidden = !on;
    document.documentElement.classList.toggle('lasered', on);
  }

  #to(x: number, y: number): void {
    this.#dot.style.transform = `translate(${x}px, ${y}px)`;
  }
}

export class Marker {
  readonly #ink = document.createElementNS(SVG, 'svg');
  #line: SVGPolylineElement | null = null;

  constructor() {
    this.#ink.setAttribute('class', 'show-ink');
    this.#ink.setAttribute('aria-hidden', 'true');
    document.body.append(this.#ink);
    this.#ink.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#ink.setPointerCapture(event.pointerId);
      this.#line = document.createElementNS(SVG, 'polyline');
      this.#ink.append(this.#line);
      this.#draw(event);
    });
    this.#ink.addEventListener('pointermove', (event) => this.#draw(event));
    for (const end of ['pointerup', 'pointercancel']) this.#ink.addEventListener(end, () => (this.#line = null));
  }

  get on(): boolean {
    return this.#ink.classList.contains('draws');
  }

  set on(on: boolean) {
    this.#ink.classList.toggle('draws', on);
    this.#line = null;
  }

  clear(): void {
    this.#ink.replaceChildren();
  }

  #draw({ clientX, clientY }: PointerEvent): void {
    if (!this.#line) return;
    const before = this.#line.getAttribute('points') ?? '';
    // a dot is a line, too
    this.#line.setAttribute('points', `${before || `${clientX},${clientY}`} ${clientX},${clientY}`);
  }
}
